import { ActionIcon, Button, SegmentedControl, Tooltip } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import {
  AlarmClock,
  AtSign,
  Bell,
  Blend,
  Check,
  CheckCheck,
  Columns3,
  FileText,
  Flag,
  HandCoins,
  Handshake,
  Mail,
  MessageSquare,
  MessagesSquare,
  PhoneMissed,
  FileCheck2,
  ReceiptText,
  ShieldAlert,
  Stamp,
  Target,
  TriangleAlert,
  type LucideIcon,
  Truck,
} from 'lucide-react';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '../api/client';
import type { Me, Notice } from '../api/types';
import { useFormat } from '../app/format';
import { useKeys } from '../app/keys';
import { queries } from '../app/queries';
import { Empty, Failed, Page, Waiting } from '../parts/Page';
import { say } from '../parts/say';
import c from './inbox.module.css';
import { sentence } from './sentence';

const ICONS: Record<string, LucideIcon> = {
  partnership_proposed: Handshake,
  partnership_active: Handshake,
  partnership_ending: Handshake,
  partnership_ended: Handshake,
  deal_invited: Columns3,
  deal_joined: Columns3,
  deal_stage: Flag,
  message: MessageSquare,
  mention: AtSign,
  direct: MessagesSquare,
  missed_call: PhoneMissed,
  report: Flag,
  rfq_received: FileText,
  rfq_declined: FileText,
  quote_sent: FileText,
  quote_moved: FileText,
  fund_allocated: HandCoins,
  fund_request_submitted: HandCoins,
  fund_request_withdrawn: HandCoins,
  fund_request_approved: HandCoins,
  fund_request_rejected: HandCoins,
  fund_request_action_required: HandCoins,
  fund_request_expired: HandCoins,
  fund_claim_submitted: HandCoins,
  fund_claim_to_pay: HandCoins,
  fund_claim_approved: HandCoins,
  fund_claim_rejected: HandCoins,
  fund_claim_action_required: HandCoins,
  fund_claim_paid: HandCoins,
  lead_offered: Target,
  lead_accepted: Target,
  lead_declined: Target,
  lead_returned: Target,
  lead_withdrawn: Target,
  lead_lapsed: Target,
  lead_missed: Target,
  lead_converted: Target,
  registration_submitted: Stamp,
  registration_withdrawn: Stamp,
  registration_approved: Stamp,
  registration_rejected: Stamp,
  registration_action_required: Stamp,
  registration_extension_asked: Stamp,
  registration_extended: Stamp,
  registration_extension_refused: Stamp,
  registration_converted: Stamp,
  registration_lost: Stamp,
  registration_revoked: Stamp,
  registration_expired: Stamp,
  registration_overdue: Stamp,
  registration_ending: Stamp,
  registration_second: Stamp,
  mapping_asked: Blend,
  mapping_granted: Blend,
  mapping_offered: Blend,
  mapping_refused: Blend,
  mapping_revoked: Blend,
  order_received: ReceiptText,
  order_answered: ReceiptText,
  order_shipped: Truck,
  invoice_received: FileCheck2,
  invoice_answered: FileCheck2,
  invoice_cancelled: FileCheck2,
  invoice_credited: FileCheck2,
  change_asked: ReceiptText,
  counter_settled: ReceiptText,
  change_answered: ReceiptText,
  guest_replied: Mail,
  mail_quarantined: ShieldAlert,
  own_mail_held: ShieldAlert,
  edi_overdue: AlarmClock,
  edi_quarantined: ShieldAlert,
  as2_failed: TriangleAlert,
  as2_refused_often: ShieldAlert,
  as2_unsigned_full: ShieldAlert,
  sftp_failed: TriangleAlert,
  sftp_refused: TriangleAlert,
  sftp_unfetched: AlarmClock,
  sftp_unreachable: TriangleAlert,
  mailing_failed: TriangleAlert,
  mailing_held: ShieldAlert,
  mailing_refused: TriangleAlert,
  certificate_ends: ShieldAlert,
  certificate_of_partner_ends: ShieldAlert,
};

/** What concerns this person, newest first. */
export function InboxPage() {
  const { t } = useTranslation();
  const [show, setShow] = useState<'all' | 'unread'>('all');
  const asked = useInfiniteQuery({
    queryKey: ['notifications', show],
    queryFn: ({ pageParam }) =>
      api.read('/notifications', {
        unread: show === 'unread' ? true : undefined,
        limit: 50,
        after: pageParam,
      }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next ?? undefined,
  });
  const f = useFormat();
  const items = asked.data?.pages.flatMap((page) => page.items) ?? [];
  const step = (by: number) => {
    const rows = [...document.querySelectorAll<HTMLElement>('[data-notice]')];
    const at = rows.indexOf(document.activeElement as HTMLElement);
    rows[Math.max(0, Math.min(rows.length - 1, at + by))]?.focus();
  };
  const { open: wanted } = useSearch({ from: '/shell/inbox' });
  const navigate = useNavigate();
  const open = useOpen();
  const found = wanted && items.find((one) => one.id === wanted);
  useEffect(() => {
    // A notice that was touched on the screen of a device; one of another company's inbox is not here.
    if (!wanted || !asked.data) return;
    void navigate({ to: '/inbox', replace: true }).then(() => (found ? open(found) : undefined));
  }, [wanted, Boolean(asked.data)]);
  useKeys({ j: () => step(1), k: () => step(-1) });
  const allRead = async () => {
    try {
      told(await api.post('/notifications/read', { all: true }));
      await queries.invalidateQueries({ queryKey: ['notifications'] });
    } catch (fault) {
      say.problem(fault);
    }
  };
  return (
    <Page
      title={t('nav.inbox')}
      tools={
        <SegmentedControl
          size="xs"
          aria-label={t('inbox.show')}
          value={show}
          onChange={(value) => setShow(value as 'all')}
          data={[
            { value: 'all', label: t('inbox.all') },
            { value: 'unread', label: t('inbox.only_unread') },
          ]}
        />
      }
      actions={
        <Button
          variant="default"
          leftSection={<CheckCheck size={15} aria-hidden />}
          disabled={!items.some((one) => !one.read)}
          onClick={() => void allRead()}
        >
          {t('inbox.all_read')}
        </Button>
      }
    >
      {asked.isError ? (
        <Failed fault={asked.error} retry={() => void asked.refetch()} />
      ) : !asked.data ? (
        <Waiting rows={8} height={54} />
      ) : items.length === 0 ? (
        <Empty icon={Bell} title={t('inbox.none')} text={t('inbox.none_text')} />
      ) : (
        <>
          {byDay(items).map(({ day, notices }) => (
            <section key={day} className={c.day} aria-label={f.relativeDay(notices[0].at)}>
              <h2>{f.relativeDay(notices[0].at)}</h2>
              <ul className={c.list}>
                {notices.map((notice) => (
                  <Row key={notice.id} notice={notice} />
                ))}
              </ul>
            </section>
          ))}
          {asked.hasNextPage && (
            <div className={c.more}>
              <Button
                variant="subtle"
                loading={asked.isFetchingNextPage}
                onClick={() => void asked.fetchNextPage()}
              >
                {t('list.more')}
              </Button>
            </div>
          )}
        </>
      )}
    </Page>
  );
}

/** What came on one day of the reader's stands together. */
function byDay(items: Notice[]) {
  const days: { day: string; notices: Notice[] }[] = [];
  for (const notice of items) {
    const day = new Date(notice.at).toDateString();
    if (days.at(-1)?.day !== day) days.push({ day, notices: [] });
    days.at(-1)!.notices.push(notice);
  }
  return days;
}

/** Keeps the number in the bar true without asking again. */
const told = ({ unread }: { unread: number }) =>
  queries.setQueryData<Me>(['me'], (me) => me && { ...me, unread_notifications: unread });

const seen = (notice: Notice) =>
  api.post('/notifications/read', { ids: [notice.id] }).then((answer) => {
    told(answer);
    return queries.invalidateQueries({ queryKey: ['notifications'] });
  });

/** Opens what a notice is about, and marks it as read. */
function useOpen() {
  const navigate = useNavigate();
  return async (notice: Notice) => {
    if (!notice.read) void seen(notice).catch(() => {});
    const { kind, id } = notice.subject ?? {};
    const p = notice.params;
    if (notice.kind === 'deal_invited') return navigate({ to: '/deals' });
    if (notice.kind === 'mail_quarantined') return navigate({ to: '/mail', search: { view: 'quarantine' } });
    if (kind === 'deal' && id)
      await navigate({
        to: '/deals/$deal',
        params: { deal: id },
        // A call leads to what was said; other notices to where one stopped reading.
        search: { room: p.room || undefined, at: notice.kind === 'mention' ? Number(p.seq) || undefined : undefined },
      });
    if (kind === 'direct' && id)
      await navigate({
        to: '/messages/$room',
        params: { room: id },
        search: { at: notice.kind === 'mention' ? Number(p.seq) || undefined : undefined },
      });
    if (kind === 'mapping' && id) await navigate({ to: '/mapping/$partnership', params: { partnership: id } });
    if (kind === 'report') await navigate({ to: '/reports' });
    if (kind === 'partnership' && id) await navigate({ to: '/partners', search: { open: id } });
    if (kind === 'quote' && id) await navigate({ to: '/quotes/$quote', params: { quote: id } });
    if (kind === 'rfq' && id) await navigate({ to: '/rfqs/$rfq', params: { rfq: id } });
    if (kind === 'registration' && id)
      await navigate({ to: '/registrations/$registration', params: { registration: id } });
    if (kind === 'fund_allocation') await navigate({ to: '/funds' });
    if (kind === 'fund_request' && id)
      await navigate({ to: '/fund-requests/$request', params: { request: id } });
    if (kind === 'lead' && id) await navigate({ to: '/leads/$lead', params: { lead: id } });
    if (kind === 'lead_offer' && id) await navigate({ to: '/leads/offers/$offer', params: { offer: id } });
    if (kind === 'order' && id) await navigate({ to: '/orders/$order', params: { order: id } });
    if (kind === 'shipment' && id) await navigate({ to: '/shipments/$shipment', params: { shipment: id } });
    if (kind === 'invoice' && id) await navigate({ to: '/invoices/$invoice', params: { invoice: id } });
    if (kind === 'station') await navigate({ to: '/edi/as2' });
    if (kind === 'interchange' && id)
      await navigate({ to: '/edi/$interchange', params: { interchange: id } });
  };
}

function Row({ notice }: { notice: Notice }) {
  const { t, i18n } = useTranslation();
  const f = useFormat();
  const Icon = ICONS[notice.kind] ?? Bell;
  const open = useOpen();
  return (
    <li className={c.item}>
      <button
        type="button"
        className={c.row}
        data-notice
        data-unread={!notice.read || undefined}
        onClick={() => void open(notice)}
      >
        <Icon size={17} strokeWidth={1.7} aria-hidden />
        <span>
          {sentence(notice, i18n) ?? t('notice.other')}
          {notice.params.excerpt && <small>{notice.params.excerpt}</small>}
        </span>
        {!notice.read && <b>{t('inbox.new')}</b>}
        <time dateTime={notice.at} title={f.precise(notice.at)}>
          {f.ago(notice.at)}
        </time>
      </button>
      {!notice.read && (
        <Tooltip label={t('inbox.mark')} openDelay={300}>
          <ActionIcon
            className={c.mark}
            size={28}
            variant="default"
            aria-label={t('inbox.mark')}
            onClick={() => void seen(notice).catch(say.problem)}
          >
            <Check size={14} />
          </ActionIcon>
        </Tooltip>
      )}
    </li>
  );
}
