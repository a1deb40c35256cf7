import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import {
  ArrowLeftRight,
  FileCheck2,
  FileText,
  Flag,
  MessageSquareText,
  PencilLine,
  Phone,
  ReceiptText,
  ShieldCheck,
  Truck,
  UserRound,
  Users,
  type LucideIcon,
} from 'lucide-react';
import type { TFunction } from 'i18next';
import { useTranslation } from 'react-i18next';
import { api } from '../api/client';
import type { EventKind, InvoiceSummary, RoomEvent } from '../api/types';
import { formats, useFormat } from '../app/format';
import { useMe } from '../app/queries';
import { lasted } from '../calls/model';
import { InvoiceTag, TITLES } from '../fulfilment/InvoiceTag';
import { ChangeTag, CounterTag, OrderTag } from '../orders/OrderTag';
import { isOurs } from '../orders/ours';
import { QuoteTag, RfqTag } from '../quotes/QuoteTag';
import { useOrders } from './context';
import c from './room.module.css';

const ICONS: Partial<Record<EventKind, LucideIcon>> = {
  card: PencilLine,
  stage: Flag,
  party: Users,
  guest: UserRound,
  quote: FileText,
  order: ReceiptText,
  edi: ArrowLeftRight,
  topic: MessageSquareText,
  rule: ShieldCheck,
  call: Phone,
};

/** What happened besides messages: one quiet line, or a card for an order. */
export function Happening({ event }: { event: RoomEvent }) {
  const me = useMe();
  const orders = useOrders();
  const { deal } = useParams({ strict: false });
  const { t } = useTranslation();
  const f = useFormat();
  const Icon = ICONS[event.kind] ?? Flag;
  const detail = (event.detail ?? {}) as Record<string, string & number>;
  if (event.kind === 'order' && (event.detail?.shipment || event.detail?.invoice)) return <Followed event={event} />;
  if (event.kind === 'order') {
    const ours = orders.some((order) => order.id === detail.order && isOurs(order, me));
    return (
      <div className={c.orderCard} data-seq={event.seq}>
        <ReceiptText size={18} strokeWidth={1.6} aria-hidden />
        <div>
          {ours ? (
            <Link to="/orders/$order" params={{ order: detail.order }}>
              {t('event.order', { number: detail.number })}
            </Link>
          ) : (
            <b>{t('event.order', { number: detail.number })}</b>
          )}
          <small>
            {detail.change && <>{t('change.one', { rev: detail.change_rev })} · </>}
            {f.time(event.at)}
          </small>
        </div>
        {detail.amount_minor !== undefined && detail.currency && (
          <b>{f.money(Number(detail.amount_minor), detail.currency)}</b>
        )}
        {detail.counter ? (
          <CounterTag state={detail.counter as never} />
        ) : detail.change ? (
          <ChangeTag state={detail.change as never} />
        ) : (
          <OrderTag state={detail.state as never} />
        )}
      </div>
    );
  }
  if (event.kind === 'quote' && event.detail) return <Quoted event={event} detail={detail} />;
  return (
    <p className={c.happening} data-seq={event.seq}>
      <Icon size={13} aria-hidden />
      <span>
        {sentence(t, f, event, detail)}{' '}
        {event.kind === 'edi' && detail.left > 0 && <>· {t('edi.not_carried', { count: detail.left })} </>}
        {event.kind === 'edi' && detail.interchange && (
          <Link to="/edi/$interchange" params={{ interchange: detail.interchange }}>
            {t('event.look')}
          </Link>
        )}
        {event.kind === 'topic' && detail.room && deal && (
          <Link to="/deals/$deal/topics/$room" params={{ deal, room: detail.room }}>
            {t('event.look')}
          </Link>
        )}
        {event.kind === 'stage' && detail.reason && <q>{detail.reason}</q>}
      </span>
      <time dateTime={new Date(event.at).toISOString()} title={f.precise(event.at)}>
        {f.time(event.at)}
      </time>
    </p>
  );
}

interface FollowedDetail {
  order: string;
  number: string;
  shipment?: { id: string; number: string };
  invoice?: { id: string; number: string; kind: InvoiceSummary['kind']; state: InvoiceSummary['state'] };
  amount_minor?: number;
  currency?: string;
  state: string;
}

/** A card for goods under way or an invoice: where it stands now, for the two sides of its order. */
function Followed({ event }: { event: RoomEvent }) {
  const me = useMe();
  const orders = useOrders();
  const { t } = useTranslation();
  const f = useFormat();
  const detail = event.detail as unknown as FollowedDetail;
  const { shipment, invoice } = detail;
  const order = orders.find((one) => one.id === detail.order);
  const ours = !!order && isOurs(order, me);
  const live = useQuery({
    queryKey: ['invoice', invoice?.id],
    queryFn: () => api.read(`/invoices/${invoice!.id}`),
    enabled: ours && !!invoice && me.can.includes('order.read'),
  });
  const Icon = shipment ? Truck : FileCheck2;
  const name = shipment
    ? t('shipment.title', { number: shipment.number })
    : t(TITLES[invoice!.kind], { number: invoice!.number });
  return (
    <div className={c.orderCard} data-seq={event.seq}>
      <Icon size={18} strokeWidth={1.6} aria-hidden />
      <div>
        {ours && shipment && (
          <Link to="/shipments/$shipment" params={{ shipment: shipment.id }}>
            {name}
          </Link>
        )}
        {ours && invoice && (
          <Link to="/invoices/$invoice" params={{ invoice: invoice.id }}>
            {name}
          </Link>
        )}
        {!ours && <b>{name}</b>}
        <small>
          {t('event.order', { number: detail.number })} · {f.time(event.at)}
        </small>
      </div>
      {detail.amount_minor !== undefined && detail.currency && (
        <b>{f.money(detail.amount_minor, detail.currency)}</b>
      )}
      {invoice ? (
        <InvoiceTag invoice={live.data ?? invoice} />
      ) : (
        <OrderTag state={(order?.state ?? detail.state) as never} />
      )}
    </div>
  );
}

/** Where a request or this revision of a quote stands now; for who may not look, where it stood then. */
function useLive(detail: Record<string, string & number>): string {
  const { deal } = useParams({ strict: false });
  const reads = useMe().can.includes('quote.read') && !!deal;
  const quotes = useQuery({
    queryKey: ['deal-quotes', deal],
    queryFn: () => api.read(`/deals/${deal!}/quotes`),
    enabled: reads && !!detail.quote,
  });
  const rfqs = useQuery({
    queryKey: ['rfqs', 'deal', deal],
    queryFn: () => api.read('/rfqs', { deal, limit: 50 }),
    enabled: reads && !!detail.rfq,
  });
  const quote = quotes.data?.items.find((one) => one.id === detail.quote && one.rev === Number(detail.rev));
  const rfq = rfqs.data?.items.find((one) => one.id === detail.rfq);
  return quote?.state ?? rfq?.state ?? detail.state;
}

/** A card for a request or a quote: who it is between, what it comes to, and where it stands. */
function Quoted({ event, detail }: { event: RoomEvent; detail: Record<string, string & number> }) {
  const me = useMe();
  const { t } = useTranslation();
  const f = useFormat();
  const name = detail.rfq
    ? t('event.rfq', { number: detail.number })
    : t('event.quote', { number: detail.number, rev: detail.rev });
  const state = useLive(detail);
  // Only its two sides may open it; to others in the room it is a name.
  const ours = [detail.seller, detail.buyer].includes(me.organisation.name as never);
  return (
    <div className={c.orderCard} data-seq={event.seq}>
      <FileText size={18} strokeWidth={1.6} aria-hidden />
      <div>
        {ours && detail.quote ? (
          <Link to="/quotes/$quote" params={{ quote: detail.quote }}>
            {name}
          </Link>
        ) : ours && detail.rfq ? (
          <Link to="/rfqs/$rfq" params={{ rfq: detail.rfq }}>
            {name}
          </Link>
        ) : (
          <b>{name}</b>
        )}
        <small>
          {t('event.between', { seller: detail.seller, buyer: detail.buyer })} · {f.time(event.at)}
        </small>
      </div>
      {detail.amount_minor !== undefined && detail.currency && (
        <b>{f.money(Number(detail.amount_minor), detail.currency)}</b>
      )}
      {detail.rfq ? <RfqTag state={state as never} /> : <QuoteTag state={state as never} />}
    </div>
  );
}

function sentence(
  t: TFunction,
  f: ReturnType<typeof formats>,
  event: RoomEvent,
  detail: Record<string, string>,
) {
  const who = event.author === 'system' ? t('event.system') : event.name;
  const move = (group: 'party' | 'guest', raw: string) => {
    const name = group === 'party' && raw === 'active' ? 'accepted' : MOVES[raw];
    if (!name || !KNOWN_MOVES[group].includes(name)) return t('event.other', { who });
    const words = {
      who,
      organisation: detail.organisation ?? t('event.somebody'),
      name: detail.name ?? detail.email ?? '',
    };
    return group === 'party' ? t(`event.party.${name}`, words) : t(`event.guest.${name}`, words);
  };
  if (!event.detail) return t('event.other', { who });
  switch (event.kind) {
    case 'card':
      if (detail.to === undefined)
        return t('event.card_masked', { who, field: t(`field.${cardField(detail.field)}`) });
      return t(value(detail.from) ? 'event.card' : 'event.card_set', {
        who,
        field: t(`field.${cardField(detail.field)}`),
        from: shown(f, detail.field, detail.from),
        to: shown(f, detail.field, detail.to),
      });
    case 'stage':
      if (!detail.to) return t('event.other', { who });
      return t('event.stage', { who, from: t(`stage.${detail.from}`), to: t(`stage.${detail.to}`) });
    case 'party':
      return move('party', detail.move);
    case 'guest':
      return move('guest', detail.move);
    case 'edi':
      return t('event.edi', { kind: detail.kind, state: t(`interchange.${detail.state}`) });
    case 'topic':
      return topic(t, who, detail);
    case 'rule':
      return rule(t, who, detail);
    case 'call':
      return call(t, who, event.detail as unknown as CallNote);
    default:
      return t('event.other', { who });
  }
}

interface CallNote {
  from: number;
  to: number;
  people: { name: string }[];
  missed: boolean;
}

/** Who took part in a call, and for how long. */
function call(t: TFunction, who: string, { from, to, people, missed }: CallNote) {
  if (missed) return t('event.call_missed', { who });
  const names = people.map((one) => one.name).join(', ');
  return t('event.call', { who, names, count: people.length, time: lasted(to - from) });
}

/** What the host decided about the room. */
function rule(t: TFunction, who: string, detail: Record<string, unknown>) {
  switch (detail.change) {
    case 'locked':
      return t('event.room_locked', { who });
    case 'unlocked':
      return t('event.room_unlocked', { who });
    case 'slow':
      return Number(detail.seconds) > 0
        ? t('event.room_slow', { who, count: Number(detail.seconds) })
        : t('event.room_fast', { who });
    default:
      return t('event.other', { who });
  }
}

/** What became of a topic, or that one was opened. */
function topic(t: TFunction, who: string, detail: Record<string, unknown>) {
  switch (detail.change) {
    case undefined:
      return t('event.topic', { who, title: detail.title });
    case 'title':
      return t('event.topic_renamed', { who, title: detail.title });
    case 'category':
      return t('event.topic_moved', { who, category: detail.category || '–' });
    case 'answer':
      return detail.answer ? t('event.topic_answered', { who }) : t('event.topic_open', { who });
    case 'locked':
      return t('event.topic_locked', { who });
    case 'unlocked':
      return t('event.topic_unlocked', { who });
    default:
      return t('event.other', { who });
  }
}

/** The hub names what was done or what it led to; both read the same. */
const MOVES: Record<string, string> = {
  invite: 'invited',
  invited: 'invited',
  accept: 'accepted',
  accepted: 'accepted',
  joined: 'accepted',
  join: 'accepted',
  decline: 'declined',
  declined: 'declined',
  leave: 'left',
  left: 'left',
  remove: 'removed',
  removed: 'removed',
  cancel: 'cancelled',
  cancelled: 'cancelled',
  dropped: 'dropped',
  add: 'added',
  added: 'added',
  active: 'active',
  bounced: 'bounced',
};
const KNOWN_MOVES = {
  party: ['invited', 'accepted', 'declined', 'left', 'removed', 'cancelled', 'dropped'],
  guest: ['added', 'active', 'removed', 'bounced'],
};
const KNOWN = [
  'title',
  'account',
  'amount',
  'amount_minor',
  'currency',
  'close_on',
  'next_step',
  'stage',
  'account_id',
];
const cardField = (field: string) =>
  field === 'amount_minor' ? 'amount' : KNOWN.includes(field) && field !== 'account_id' ? field : 'account';

const value = (raw: unknown) => raw !== null && raw !== undefined && raw !== '';

function shown(f: ReturnType<typeof formats>, field: string, raw: unknown): string {
  if (!value(raw)) return '—';
  if (typeof raw === 'object') {
    const money = raw as { amount_minor?: number; currency?: string };
    return money.amount_minor !== undefined && money.currency
      ? f.money(money.amount_minor, money.currency)
      : JSON.stringify(raw);
  }
  if (field === 'close_on') return f.date(String(raw));
  return String(raw);
}
