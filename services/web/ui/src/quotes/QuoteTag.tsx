import { useTranslation } from 'react-i18next';
import type { QuoteState, RfqState } from '../api/types';
import { Tag, type Tone } from '../parts/Tag';

const QUOTE: Record<QuoteState, Tone> = {
  draft: 'plain',
  priced: 'wait',
  approved_internal: 'info',
  sent: 'wait',
  accepted: 'ok',
  rejected: 'problem',
  countered: 'info',
  expired: 'problem',
  withdrawn: 'plain',
};
const RFQ: Record<RfqState, Tone> = { sent: 'wait', quoted: 'ok', declined: 'problem' };

export function QuoteTag({ state }: { state: QuoteState }) {
  const { t } = useTranslation();
  return <Tag tone={QUOTE[state]}>{t(`quote.state.${state}`)}</Tag>;
}

export function RfqTag({ state }: { state: RfqState }) {
  const { t } = useTranslation();
  return <Tag tone={RFQ[state]}>{t(`rfq.state.${state}`)}</Tag>;
}
