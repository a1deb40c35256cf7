import { useTranslation } from 'react-i18next';
import type { InvoiceSummary } from '../api/types';
import { Tag, type Tone } from '../parts/Tag';

const TONES: Record<InvoiceSummary['state'], Tone> = {
  sent: 'wait',
  approved: 'ok',
  disputed: 'problem',
  cancelled: 'plain',
};

/** What a paper is called, by its kind. */
export const TITLES = {
  invoice: 'invoice.title',
  cancellation: 'invoice.cancel_title',
  credit_note: 'credit.title',
} as const;

export function InvoiceTag({ invoice }: { invoice: Pick<InvoiceSummary, 'kind' | 'state'> }) {
  const { t } = useTranslation();
  if (invoice.kind === 'cancellation') return <Tag tone="plain">{t('invoice.cancellation')}</Tag>;
  if (invoice.kind === 'credit_note') return <Tag tone="plain">{t('credit.note')}</Tag>;
  return <Tag tone={TONES[invoice.state]}>{t(`invoice.state.${invoice.state}`)}</Tag>;
}
