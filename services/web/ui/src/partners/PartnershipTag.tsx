import { useTranslation } from 'react-i18next';
import type { Partnership } from '../api/types';
import { Tag, type Tone } from '../parts/Tag';

const TONES: Record<Partnership['state'], Tone> = {
  proposed: 'wait',
  active: 'ok',
  suspended: 'problem',
  ending: 'wait',
  ended: 'plain',
  closed: 'plain',
};

export function PartnershipTag({
  partnership: { state, by_us, suspended_by_us },
}: {
  partnership: Partnership;
}) {
  const { t } = useTranslation();
  const word =
    state === 'proposed'
      ? by_us
        ? 'proposed_by_us'
        : 'proposed'
      : state === 'suspended' && suspended_by_us
        ? 'suspended_by_us'
        : state;
  return <Tag tone={TONES[state]}>{t(`partners.state.${word}`)}</Tag>;
}
