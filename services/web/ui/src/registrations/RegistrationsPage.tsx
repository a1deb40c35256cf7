import { Button, SegmentedControl } from '@mantine/core';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import type { TFunction } from 'i18next';
import { Plus, Settings2, Stamp } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { api } from '../api/client';
import type { Registration } from '../api/types';
import { useFormat } from '../app/format';
import { useCan } from '../app/queries';
import { Empty, Failed, Page, Waiting } from '../parts/Page';
import { Table, type Column } from '../parts/Table';
import { Tag } from '../parts/Tag';
import { Clock, RegistrationTag } from './RegistrationTag';
import c from './registrations.module.css';

type Show = 'all' | 'waiting' | 'overdue';
type Side = 'partner' | 'vendor';

/** What we registered with vendors, and what partners registered with us. */
export function RegistrationsPage() {
  const { t } = useTranslation();
  const f = useFormat();
  const can = useCan();
  const navigate = useNavigate();
  const search = useSearch({ from: '/shell/registrations' });
  const side: Side | undefined = search.side;
  const show: Show = search.show ?? 'all';
  const asked = useInfiniteQuery({
    queryKey: ['registrations', side, show],
    queryFn: ({ pageParam }) => api.read('/registrations', { limit: 100, after: pageParam, side, show }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next ?? undefined,
  });
  const vendors = useQuery({
    queryKey: ['registration-vendors'],
    queryFn: () => api.read('/registration-vendors'),
  });
  const registers = can('registration.register') && (vendors.data?.items.length ?? 0) > 0;
  const go = (next: { side?: Side; show?: Show }) => {
    const now: { side?: Side; show: Show } = { side, show, ...next };
    const shown = now.show === 'all' ? undefined : now.show;
    void navigate({ to: '/registrations', search: { side: now.side, show: shown }, replace: true });
  };
  const rows = asked.data?.pages.flatMap((page) => page.items) ?? [];
  const begin = (
    <Button
      leftSection={<Plus size={15} aria-hidden />}
      onClick={() => void navigate({ to: '/registrations/new', search: {} })}
    >
      {t('registration.new')}
    </Button>
  );
  return (
    <Page
      wide
      title={t('nav.registrations')}
      tools={
        <>
          <SegmentedControl
            size="xs"
            aria-label={t('registration.side')}
            value={side ?? 'both'}
            onChange={(value) => go({ side: value === 'both' ? undefined : (value as Side) })}
            data={(['both', 'vendor', 'partner'] as const).map((value) => ({
              value,
              label: t(`registration.side.${value}`),
            }))}
          />
          <SegmentedControl
            size="xs"
            aria-label={t('registration.show')}
            value={show}
            onChange={(value) => go({ show: value as Show })}
            data={(['all', 'waiting', 'overdue'] as const).map((value) => ({
              value,
              label: t(`registration.show.${value}`),
            }))}
          />
        </>
      }
      actions={
        <>
          {can('registration.terms') && (
            <Button
              variant="default"
              leftSection={<Settings2 size={15} aria-hidden />}
              onClick={() => void navigate({ to: '/registrations/terms' })}
            >
              {t('registration.terms')}
            </Button>
          )}
          {registers && begin}
        </>
      }
    >
      {asked.isError ? (
        <Failed fault={asked.error} retry={() => void asked.refetch()} />
      ) : !asked.data ? (
        <Waiting rows={8} />
      ) : rows.length === 0 ? (
        <Empty
          icon={Stamp}
          title={t('registration.none')}
          text={t('registration.none_text')}
          action={registers ? begin : <Link to="/partners">{t('registration.to_partners')}</Link>}
        />
      ) : (
        <Table
          label={t('nav.registrations')}
          rows={rows}
          id={(row) => row.id}
          columns={columns(t, f)}
          onOpen={(row) =>
            void navigate({ to: '/registrations/$registration', params: { registration: row.id } })
          }
          more={asked.hasNextPage}
          onEnd={() => !asked.isFetchingNextPage && void asked.fetchNextPage()}
        />
      )}
    </Page>
  );
}

const columns = (
  t: TFunction,
  f: ReturnType<typeof useFormat>,
): Column<Registration>[] => [
  {
    key: 'customer',
    title: t('registration.customer'),
    width: 'minmax(120px, 1.6fr)',
    cell: (row) => (
      <span className={c.customer}>
        <span>{row.customer || t('registration.unnamed')}</span>
        {!!row.conflict_count && row.side === 'vendor' && row.moves.length > 0 && (
          <Tag tone="problem">{t('registration.conflicts', { count: row.conflict_count })}</Tag>
        )}
      </span>
    ),
  },
  {
    key: 'other',
    title: t('registration.other'),
    width: 'minmax(110px, 1fr)',
    minor: true,
    cell: (row) => (row.side === 'vendor' ? row.partner.name : row.vendor.name),
  },
  {
    key: 'what',
    title: t('registration.families'),
    width: 'minmax(120px, 1.2fr)',
    minor: true,
    cell: (row) => [...row.families, ...row.territories].join(' · '),
  },
  {
    key: 'amount',
    title: t('field.amount'),
    width: '110px',
    minor: true,
    end: true,
    cell: (row) =>
      row.amount_minor && row.currency ? f.money(row.amount_minor, row.currency) : '',
  },
  {
    key: 'clock',
    title: t('registration.clock'),
    width: '220px',
    minor: true,
    cell: (row) => <Clock of={row} />,
  },
  {
    key: 'state',
    title: t('field.state'),
    width: '160px',
    cell: (row) => <RegistrationTag state={row.state} />,
  },
];
