import { useTranslation } from 'react-i18next';
import type { InterchangeState, OrderState } from '../api/types';
import { Tag, type Tone } from '../parts/Tag';

const ORDER: Record<OrderState, Tone> = {
  received: 'wait',
  accepted: 'ok',
  accepted_with_change: 'info',
  rejected: 'problem',
  changed: 'info',
  part_shipped: 'info',
  shipped: 'ok',
  invoiced: 'ok',
  closed: 'plain',
  cancelled: 'problem',
};
const INTERCHANGE: Record<InterchangeState, Tone> = {
  received: 'wait',
  applied: 'ok',
  quarantined: 'problem',
  rejected: 'problem',
  duplicate: 'plain',
  discarded: 'plain',
  built: 'wait',
  sent: 'ok',
};

export function OrderTag({ state }: { state: OrderState }) {
  const { t } = useTranslation();
  return <Tag tone={ORDER[state]}>{t(`order.${state}`)}</Tag>;
}

export function InterchangeTag({ state, overdue }: { state: InterchangeState; overdue?: boolean }) {
  const { t } = useTranslation();
  if (overdue) return <Tag tone="problem">{t('interchange.overdue')}</Tag>;
  return <Tag tone={INTERCHANGE[state]}>{t(`interchange.${state}`)}</Tag>;
}
