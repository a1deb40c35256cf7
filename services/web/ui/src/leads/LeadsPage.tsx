import { Button, NativeSelect, SegmentedControl } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import type { TFunction } from 'i18next';
import { Plus, Settings2, Target } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { api } from '../api/client';
import { LEAD_STATES, type Lead, type LeadOffer, type LeadState } from '../api/types';
import { useFormat } from '../app/format';
import { useCan } from '../app/queries';
import { Empty, Failed, Page, Waiting } from '../parts/Page';
import { Table, type Column } from '../parts/Table';
import { Due, LeadTag } from './LeadTag';

/** Our own leads, and those that partners offer us. */
export function LeadsPage() {
  const { t } = useTranslation();
  const can = useCan();
  const navigate = useNavigate();
  const { of, state } = useSearch({ from: '/shell/leads' });
  const go = (next: { of?: 'partners'; state?: LeadState }) =>
    void navigate({ to: '/leads', search: next, replace: true });
  return (
    <Page
      wide
      title={t('nav.leads')}
      tools={
        <>
          <SegmentedControl
            size="xs"
            aria-label={t('lead.which')}
            value={of ?? 'own'}
            onChange={(value) => go(value === 'partners' ? { of: 'partners' } : {})}
            data={[
              { value: 'own', label: t('lead.own') },
              { value: 'partners', label: t('lead.for_us') },
            ]}
          />
          {!of && (
            <NativeSelect
              size="xs"
              aria-label={t('field.state')}
              value={state ?? ''}
              onChange={(event) => go({ state: (event.currentTarget.value as LeadState) || undefined })}
              data={[
                { value: '', label: t('lead.all') },
                ...LEAD_STATES.map((value) => ({ value, label: t(`lead.state.${value}`) })),
              ]}
            />
          )}
        </>
      }
      actions={
        <>
          {can('lead.hand') && (
            <Button
              variant="default"
              leftSection={<Settings2 size={15} aria-hidden />}
              onClick={() => void navigate({ to: '/leads/terms' })}
            >
              {t('lead.terms')}
            </Button>
          )}
          {can('lead.write') && <Begin />}
        </>
      }
    >
      {of ? <Offered /> : <Own state={state} />}
    </Page>
  );
}

function Begin() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  return (
    <Button
      leftSection={<Plus size={15} aria-hidden />}
      onClick={() => void navigate({ to: '/leads/new', search: {} })}
    >
      {t('lead.new')}
    </Button>
  );
}

function Own({ state }: { state?: LeadState }) {
  const { t } = useTranslation();
  const f = useFormat();
  const can = useCan();
  const navigate = useNavigate();
  const asked = useInfiniteQuery({
    queryKey: ['leads', 'own', state],
    queryFn: ({ pageParam }) => api.read('/leads', { limit: 100, after: pageParam, state }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next ?? undefined,
  });
  if (asked.isError) return <Failed fault={asked.error} retry={() => void asked.refetch()} />;
  if (!asked.data) return <Waiting rows={8} />;
  const rows = asked.data.pages.flatMap((page) => page.items);
  if (rows.length === 0)
    return (
      <Empty
        icon={Target}
        title={t('lead.none')}
        text={t('lead.none_text')}
        action={can('lead.write') && <Begin />}
      />
    );
  return (
    <Table
      label={t('nav.leads')}
      rows={rows}
      id={(row) => row.id}
      columns={columns(t, f)}
      onOpen={(row) => void navigate({ to: '/leads/$lead', params: { lead: row.id } })}
      more={asked.hasNextPage}
      onEnd={() => !asked.isFetchingNextPage && void asked.fetchNextPage()}
    />
  );
}

const columns = (t: TFunction, f: ReturnType<typeof useFormat>): Column<Lead>[] => [
  { key: 'company', title: t('lead.company'), width: 'minmax(120px, 1.6fr)', cell: (row) => row.company },
  {
    key: 'where',
    title: t('lead.where'),
    width: 'minmax(110px, 1fr)',
    minor: true,
    cell: (row) => [row.city ?? row.region, row.country].filter(Boolean).join(', '),
  },
  { key: 'family', title: t('lead.family'), width: 'minmax(110px, 1fr)', minor: true, cell: (row) => row.family },
  {
    key: 'amount',
    title: t('field.amount'),
    width: '110px',
    minor: true,
    end: true,
    cell: (row) => (row.amount_minor && row.currency ? f.money(row.amount_minor, row.currency) : ''),
  },
  { key: 'score', title: t('lead.score'), width: '76px', minor: true, end: true, cell: (row) => f.number(row.score) },
  {
    key: 'holder',
    title: t('lead.holder'),
    width: 'minmax(110px, 1fr)',
    minor: true,
    cell: (row) => row.holder?.partner.name,
  },
  {
    key: 'clock',
    title: t('lead.clock'),
    width: '180px',
    minor: true,
    cell: (row) => <Due state={row.holder?.state} at={row.holder?.due_at} />,
  },
  { key: 'state', title: t('field.state'), width: '140px', cell: (row) => <LeadTag state={row.state} /> },
];

function Offered() {
  const { t } = useTranslation();
  const f = useFormat();
  const navigate = useNavigate();
  const asked = useInfiniteQuery({
    queryKey: ['leads', 'offered'],
    queryFn: ({ pageParam }) => api.read('/lead-offers', { limit: 100, after: pageParam }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next ?? undefined,
    refetchInterval: 60_000,
  });
  if (asked.isError) return <Failed fault={asked.error} retry={() => void asked.refetch()} />;
  if (!asked.data) return <Waiting rows={8} />;
  const rows = asked.data.pages.flatMap((page) => page.items);
  if (rows.length === 0)
    return <Empty icon={Target} title={t('lead.none_offered')} text={t('lead.none_offered_text')} />;
  return (
    <Table
      label={t('lead.for_us')}
      rows={rows}
      id={(row) => row.id}
      columns={offeredColumns(t, f)}
      onOpen={(row) => void navigate({ to: '/leads/offers/$offer', params: { offer: row.id } })}
      more={asked.hasNextPage}
      onEnd={() => !asked.isFetchingNextPage && void asked.fetchNextPage()}
    />
  );
}

const offeredColumns = (t: TFunction, f: ReturnType<typeof useFormat>): Column<LeadOffer>[] => [
  {
    key: 'what',
    title: t('lead.company'),
    width: 'minmax(110px, 1.4fr)',
    cell: (row) => row.company ?? t('lead.from', { vendor: row.vendor.name }),
  },
  { key: 'vendor', title: t('lead.vendor'), width: 'minmax(110px, 1fr)', minor: true, cell: (row) => row.vendor.name },
  {
    key: 'where',
    title: t('lead.where'),
    width: 'minmax(110px, 1fr)',
    minor: true,
    cell: (row) => [row.city ?? row.region, row.country && f.country(row.country)].filter(Boolean).join(', '),
  },
  { key: 'family', title: t('lead.family'), width: 'minmax(110px, 1fr)', minor: true, cell: (row) => row.family },
  {
    key: 'size',
    title: t('lead.size'),
    width: '150px',
    minor: true,
    cell: (row) => row.size && t(`lead.size.${row.size}`),
  },
  {
    key: 'state',
    title: t('field.state'),
    width: '180px',
    cell: (row) =>
      row.state === 'offered' ? <Due state={row.state} at={row.due_at} /> : <LeadTag state={row.state} />,
  },
];
