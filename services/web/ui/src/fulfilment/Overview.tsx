import { Button, Textarea } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { FileCheck2, Truck } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '../api/client';
import type { Order } from '../api/types';
import { useFormat } from '../app/format';
import { queries } from '../app/queries';
import { Section } from '../parts/Page';
import { say, told } from '../parts/say';
import { InvoiceTag, TITLES } from './InvoiceTag';
import o from '../orders/orders.module.css';
import c from './fulfilment.module.css';

/** How far each line is: ordered, confirmed, shipped, invoiced, and what is still open. */
export function Overview({ order }: { order: Order }) {
  const { t } = useTranslation();
  const f = useFormat();
  const { lines } = order.fulfilment;
  if (['received', 'rejected', 'cancelled'].includes(order.state)) return null;
  const credits = lines.some((line) => line.credited !== '0');
  const columns = (['ordered', 'confirmed', 'shipped', 'invoiced', 'credited', 'open'] as const).filter(
    (name) => name !== 'credited' || credits,
  );
  return (
    <Section title={t('fulfil.overview')}>
      <div className={o.scroll} tabIndex={0} role="group" aria-label={t('fulfil.overview')}>
        <table className={`${o.table} ${c.overview}`}>
          <thead>
            <tr>
              <th scope="col">{t('order.line')}</th>
              <th scope="col">{t('order.product')}</th>
              {columns.map((name) => (
                <th key={name} scope="col" data-end data-minor={name === 'confirmed' || undefined}>
                  {t(`fulfil.${name}`)}
                </th>
              ))}
              <th scope="col" className={c.bar}>
                <span className={c.unseen}>{t('fulfil.progress')}</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {lines.map((line) => (
              <tr key={line.line}>
                <td>{line.line}</td>
                <td>
                  <b>{line.product}</b>
                  {line.description && <small>{line.description}</small>}
                </td>
                {columns.map((name) => (
                  <td key={name} data-end data-minor={name === 'confirmed' || undefined}>
                    {name === 'open' ? <b>{f.decimal(line[name])}</b> : f.decimal(line[name])}
                    {name === 'ordered' && ` ${line.unit}`}
                  </td>
                ))}
                <td className={c.bar}>
                  <progress
                    aria-label={t('fulfil.progress_of', { line: line.line })}
                    max={Math.max(Number(line.confirmed), Number(line.shipped)) || 1}
                    value={Number(line.shipped)}
                  />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {order.fulfilment.credited_minor > 0 && (
        <p className={o.lead}>
          {t('fulfil.sums', {
            invoiced: f.money(order.fulfilment.invoiced_minor, order.currency),
            credited: f.money(order.fulfilment.credited_minor, order.currency),
          })}
        </p>
      )}
      {order.fulfilment.closed_reason && (
        <p className={o.lead}>{t('fulfil.closed_because', { reason: order.fulfilment.closed_reason })}</p>
      )}
    </Section>
  );
}

/** What was sent and invoiced of an order, each by its paper. */
export function Follows({ order }: { order: Order }) {
  const { t } = useTranslation();
  const f = useFormat();
  const { shipments, invoices } = order.fulfilment;
  if (shipments.length + invoices.length === 0) return null;
  return (
    <Section title={t('fulfil.papers')}>
      <ul className={c.papers}>
        {shipments.map((one) => (
          <li key={one.id}>
            <Truck size={16} strokeWidth={1.6} aria-hidden />
            <div>
              <Link to="/shipments/$shipment" params={{ shipment: one.id }}>
                {t('shipment.title', { number: one.number })}
              </Link>
              <small>
                {f.date(one.sent_on)}
                {one.carrier && ` · ${one.carrier}`}
                {one.expected_on && ` · ${t('shipment.expected_short', { date: f.date(one.expected_on) })}`}
              </small>
            </div>
          </li>
        ))}
        {invoices.map((one) => (
          <li key={one.id}>
            <FileCheck2 size={16} strokeWidth={1.6} aria-hidden />
            <div>
              <Link to="/invoices/$invoice" params={{ invoice: one.id }}>
                {t(TITLES[one.kind], { number: one.number })}
              </Link>
              <small>
                {f.date(one.issued_on)} · {f.money(one.kind === 'invoice' ? one.total_minor : -one.total_minor, one.currency)}
              </small>
            </div>
            <InvoiceTag invoice={one} />
          </li>
        ))}
      </ul>
    </Section>
  );
}

/** Closing an order by hand: nothing more comes, and why. */
export function CloseOrder({ order, onClose }: { order: Order; onClose: () => void }) {
  const { t } = useTranslation();
  const [reason, setReason] = useState('');
  const [refusal, setRefusal] = useState('');
  const close = async () => {
    try {
      await api.post(`/orders/${order.id}/close`, { revision: order.revision, reason });
      for (const key of ['order', 'orders', 'deal']) void queries.invalidateQueries({ queryKey: [key] });
      say.done(t('fulfil.was_closed', { number: order.number }));
      onClose();
    } catch (fault) {
      setRefusal(told(fault));
    }
  };
  return (
    <Section title={t('fulfil.close')}>
      <p className={o.lead}>{t('fulfil.close_means')}</p>
      <Textarea
        label={t('fulfil.reason')}
        value={reason}
        onChange={(event) => setReason(event.currentTarget.value)}
        autosize
        minRows={2}
        maxLength={500}
        data-autofocus
      />
      {refusal && (
        <p role="alert" className={o.refusal}>
          {refusal}
        </p>
      )}
      <div className={c.foot}>
        <Button variant="default" onClick={onClose}>
          {t('do.cancel')}
        </Button>
        <Button disabled={!reason.trim()} onClick={() => void close()}>
          {t('fulfil.close')}
        </Button>
      </div>
    </Section>
  );
}
