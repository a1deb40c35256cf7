import { useTranslation } from 'react-i18next';
import type { MappingItem } from '../api/types';
import { Tag, type Tone } from '../parts/Tag';

const TONES: Record<MappingItem['state'], Tone> = {
  off: 'plain',
  offered: 'wait',
  both_on: 'info',
  stale: 'info',
  recomputed: 'ok',
};

export function StateTag({ state }: { state: MappingItem['state'] }) {
  const { t } = useTranslation();
  return <Tag tone={TONES[state]}>{t(`mapping.state.${state}`)}</Tag>;
}
