import { useTranslation } from 'react-i18next';
import type { Change, InterchangeState, OrderState } from '../api/types';
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
const CHANGE: Record<Change['state'], Tone> = {
  asked: 'wait',
  accepted: 'ok',
  accepted_in_part: 'info',
  rejected: 'problem',
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

/** How much of a counter-offer its buyer took. */
export function CounterTag({ state }: { state: Change['state'] }) {
  const { t } = useTranslation();
  return <Tag tone={CHANGE[state]}>{t(`counter.state.${state}`)}</Tag>;
}

/** How far a change of an order is. */
export function ChangeTag({ state }: { state: Change['state'] }) {
  const { t } = useTranslation();
  return <Tag tone={CHANGE[state]}>{t(`change.state.${state}`)}</Tag>;
}
