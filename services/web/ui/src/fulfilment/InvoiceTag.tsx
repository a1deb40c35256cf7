import { useTranslation } from 'react-i18next';
import type { InvoiceSummary } from '../api/types';
import { Tag, type Tone } from '../parts/Tag';

const TONES: Record<InvoiceSummary['state'], Tone> = {
  sent: 'wait',
  approved: 'ok',
  disputed: 'problem',
  cancelled: 'plain',
};

export function InvoiceTag({ invoice }: { invoice: Pick<InvoiceSummary, 'kind' | 'state'> }) {
  const { t } = useTranslation();
  if (invoice.kind === 'cancellation') return <Tag tone="plain">{t('invoice.cancellation')}</Tag>;
  return <Tag tone={TONES[invoice.state]}>{t(`invoice.state.${invoice.state}`)}</Tag>;
}
