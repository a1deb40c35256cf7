import { Button, NativeSelect } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { ReceiptText } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, Problem } from '../api/client';
import type { Order, OrderLine } from '../api/types';
import { useFormat } from '../app/format';
import { queries } from '../app/queries';
import { Empty, Failed, Page, Section, Waiting } from '../parts/Page';
import { say } from '../parts/say';
import { InvoiceForm } from '../fulfilment/InvoiceForm';
import { CloseOrder, Follows, Overview } from '../fulfilment/Overview';
import { ShipForm } from '../fulfilment/ShipForm';
import { Tag, type Tone } from '../parts/Tag';
import { AckTimeline } from './AckTimeline';
import { Changes } from './Changes';
import { CounterOffer } from './CounterOffer';
import { Disagreements } from './Disagreements';
import { Discuss } from './Discuss';
import { AnswerOrder } from './AnswerOrder';
import { OffList } from './OffList';
import { OrderTag } from './OrderTag';
import c from './orders.module.css';

const TONES: Record<string, Tone> = { accept: 'ok', change: 'info', reject: 'problem' };

export function OrderPage() {
  const { t } = useTranslation();
  const f = useFormat();
  const { order: id } = useParams({ from: '/shell/orders/$order' });
  const [doing, setDoing] = useState<'answer' | 'ship' | 'invoice' | 'close'>();
  const done = () => setDoing(undefined);
  const asked = useQuery({ queryKey: ['order', id], queryFn: () => api.read(`/orders/${id}`) });
  const order = asked.data;
  if (asked.error instanceof Problem && asked.error.status === 404)
    return <Empty icon={ReceiptText} title={t('lost.title')} text={t('lost.text')} />;
  if (asked.isError && !order) return <Failed fault={asked.error} retry={() => void asked.refetch()} />;
  if (!order)
    return (
      <Page title={t('nav.orders')}>
        <Waiting rows={8} />
      </Page>
    );
  return (
    <Page
      wide
      title={t('order.title', { number: order.number })}
      lead={
        order.seller.id
          ? t('order.from', { buyer: order.buyer.name, date: f.date(order.ordered_on) })
          : t('order.to_seller', { seller: order.seller.name, date: f.date(order.ordered_on) })
      }
      tools={<OrderTag state={order.state} />}
      actions={
        <>
          <Button component="a" variant="default" href={`/api/v1/orders/${order.id}/pdf`} download>
            {t('order.pdf')}
          </Button>
          {order.can_answer && !doing && (
            <Button variant={order.seller.id ? 'filled' : 'default'} onClick={() => setDoing('answer')}>
              {t(order.seller.id ? 'order.answer' : 'order.record')}
            </Button>
          )}
          {!doing && <Deeds order={order} onDo={setDoing} />}
        </>
      }
    >
      <div className={c.split}>
        <div className={c.main}>
          {order.note && !doing && (
            <Section title={t('order.sellers_note', { name: order.seller.name })}>
              <p className={c.note}>{order.note}</p>
            </Section>
          )}
          {!doing && <CounterOffer key={order.revision} order={order} />}
          <Disagreements order={order} />
          {!doing && <OffList order={order} />}
          {doing === 'ship' && <ShipForm order={order} onClose={done} />}
          {doing === 'invoice' && <InvoiceForm order={order} onClose={done} />}
          {doing === 'close' && <CloseOrder order={order} onClose={done} />}
          {!doing && <Overview order={order} />}
          {doing === 'answer' ? <AnswerOrder order={order} onClose={done} /> : !doing && <Lines order={order} />}
          {!doing && <Changes order={order} />}
        </div>
        <div className={c.rail}>
          <Follows order={order} />
          <Section title={t('order.papers')}>
            <AckTimeline documents={order.documents} />
          </Section>
          <Section title={t('order.deal')}>
            <Place order={order} />
          </Section>
        </div>
      </div>
    </Page>
  );
}

/** What its seller may do next; the likeliest stands out. */
function Deeds({ order, onDo }: { order: Order; onDo: (what: 'ship' | 'invoice' | 'close') => void }) {
  const { t } = useTranslation();
  const { may, lines } = order.fulfilment;
  const owes = lines.some((line) => line.to_invoice !== '0');
  const open = lines.some((line) => line.open !== '0');
  return (
    <>
      {may.close && (
        <Button variant="default" onClick={() => onDo('close')}>
          {t('fulfil.close')}
        </Button>
      )}
      {may.ship && (
        <Button variant={open && !owes ? 'filled' : 'default'} onClick={() => onDo('ship')}>
          {t('shipment.write')}
        </Button>
      )}
      {may.invoice && (
        <Button variant={owes ? 'filled' : 'default'} onClick={() => onDo('invoice')}>
          {t('invoice.write')}
        </Button>
      )}
    </>
  );
}

function Lines({ order }: { order: Order }) {
  const { t } = useTranslation();
  const f = useFormat();
  return (
    <Section title={t('order.lines')}>
      <div className={c.scroll} tabIndex={0} role="group" aria-label={t('order.lines')}>
        <table className={c.table}>
          <thead>
            <tr>
              <th scope="col">{t('order.line')}</th>
              <th scope="col">{t('order.product')}</th>
              <th scope="col" data-end>
                {t('order.quantity')}
              </th>
              <th scope="col" data-end>
                {t('order.price')}
              </th>
              <th scope="col" data-end>
                {t('order.requested')}
              </th>
              <th scope="col" data-end>
                {t('field.amount')}
              </th>
              <th scope="col">{t('order.our_answer')}</th>
            </tr>
          </thead>
          <tbody>
            {order.lines.map((line) => (
              <tr key={line.line}>
                <td>{line.line}</td>
                <td>
                  <b>{line.product}</b>
                  {line.description && <small>{line.description}</small>}
                </td>
                <td data-end>
                  {f.decimal(line.quantity)} {line.unit}
                </td>
                <td data-end>{f.decimal(line.unit_price)}</td>
                <td data-end>{line.requested_on ? f.date(line.requested_on) : ''}</td>
                <td data-end>{f.money(line.amount_minor, order.currency)}</td>
                <td>
                  <span className={c.answered}>
                    <Answered line={line} />
                    <Discuss order={order} line={line} />
                  </span>
                </td>
              </tr>
            ))}
          </tbody>
          <tfoot>
            <tr>
              <td colSpan={5}>{t('order.total')}</td>
              <td data-end>
                <b>{f.money(order.total_minor, order.currency)}</b>
              </td>
              <td />
            </tr>
          </tfoot>
        </table>
      </div>
    </Section>
  );
}

function Answered({ line }: { line: OrderLine }) {
  const { t } = useTranslation();
  const f = useFormat();
  if (!line.answer) return <Tag tone="wait">{t('order.open')}</Tag>;
  const { decision, quantity, unit_price, requested_on } = line.answer;
  const changes = [
    quantity && `${f.decimal(quantity)} ${line.unit}`,
    unit_price && f.decimal(unit_price),
    requested_on && f.date(requested_on),
  ].filter(Boolean);
  return (
    <Tag tone={TONES[decision]}>
      {t(`order.decided.${decision}`)}
      {decision === 'change' && changes.length > 0 && `: ${changes.join(', ')}`}
    </Tag>
  );
}

/** The deal in whose room the order stands, or a choice of one. */
function Place({ order }: { order: Order }) {
  const { t } = useTranslation();
  const [chosen, setChosen] = useState('');
  const deals = useQuery({
    queryKey: ['deals', 'for-order'],
    queryFn: () => api.read('/deals', { limit: 200 }),
    enabled: !order.deal,
  });
  const put = async () => {
    try {
      queries.setQueryData(['order', order.id], await api.post(`/orders/${order.id}/deal`, { deal: chosen }));
      say.done(t('order.placed'));
    } catch (fault) {
      say.problem(fault);
    }
  };
  if (order.deal)
    return (
      <p className={c.lead}>
        <Link to="/deals/$deal" params={{ deal: order.deal.id }}>
          {order.deal.title ?? t('order.deal')}
        </Link>
      </p>
    );
  return (
    <>
      <p className={c.lead}>{t('order.no_deal')}</p>
      <NativeSelect
        aria-label={t('order.deal')}
        value={chosen}
        onChange={(event) => setChosen(event.currentTarget.value)}
        data={[
          { value: '', label: t('order.choose_deal') },
          ...(deals.data?.items ?? []).map((deal) => ({
            value: deal.id,
            label: `${deal.title ?? ''} · ${deal.account ?? ''}`,
          })),
        ]}
      />
      <Button mt="xs" variant="default" fullWidth disabled={!chosen} onClick={() => void put()}>
        {t('order.place')}
      </Button>
    </>
  );
}
