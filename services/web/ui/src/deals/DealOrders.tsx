import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { ReceiptText } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { api } from '../api/client';
import type { OrderSummary } from '../api/types';
import { useFormat } from '../app/format';
import { useMe } from '../app/queries';
import { isOurs } from '../orders/ours';
import { AckTimeline } from '../orders/AckTimeline';
import { OrderTag } from '../orders/OrderTag';
import { Section } from '../parts/Page';
import c from './deal.module.css';

/** The orders that stand in this deal, each with its papers. */
export function DealOrders({ orders }: { orders: OrderSummary[] }) {
  const { t } = useTranslation();
  if (orders.length === 0) return null;
  return (
    <Section title={t('nav.orders')}>
      {orders.map((order) => (
        <OrderInDeal key={order.id} summary={order} />
      ))}
    </Section>
  );
}

function OrderInDeal({ summary }: { summary: OrderSummary }) {
  const { t } = useTranslation();
  const f = useFormat();
  const ours = isOurs(summary, useMe());
  const order = useQuery({
    queryKey: ['order', summary.id],
    queryFn: () => api.read(`/orders/${summary.id}`),
    enabled: ours,
  });
  return (
    <article className={c.order}>
      <header>
        <ReceiptText size={15} strokeWidth={1.7} aria-hidden />
        {ours ? (
          <Link to="/orders/$order" params={{ order: summary.id }}>
            {summary.number}
          </Link>
        ) : (
          <span>{summary.number}</span>
        )}
        <OrderTag state={summary.state} />
        <b>{f.money(summary.total_minor, summary.currency)}</b>
      </header>
      <p>{t('order.from', { buyer: summary.buyer.name, date: f.date(summary.ordered_on) })}</p>
      {order.data && <AckTimeline documents={order.data.documents} />}
    </article>
  );
}
