import { Button, NativeSelect, SegmentedControl } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { FileText } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { api } from '../api/client';
import { QUOTE_STATES, type QuoteState, type QuoteSummary } from '../api/types';
import { useFormat } from '../app/format';
import { useMe } from '../app/queries';
import { Empty, Failed, Page, Waiting } from '../parts/Page';
import { Table, type Column } from '../parts/Table';
import { Awaited, Unplaced } from './Unplaced';
import { QuoteTag } from './QuoteTag';

export function QuotesPage() {
  const { t } = useTranslation();
  const f = useFormat();
  const me = useMe();
  const navigate = useNavigate();
  const { state, side } = useSearch({ from: '/shell/quotes' });
  const asked = useInfiniteQuery({
    queryKey: ['quotes', state, side],
    queryFn: ({ pageParam }) => api.read('/quotes', { limit: 100, after: pageParam, state, side }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next ?? undefined,
  });
  const show = (next: { state?: QuoteState; side?: 'seller' | 'buyer' }) =>
    void navigate({ to: '/quotes', search: { state, side, ...next }, replace: true });
  const rows = asked.data?.pages.flatMap((page) => page.items) ?? [];
  const columns: Column<QuoteSummary>[] = [
    { key: 'number', title: t('quote.number'), width: 'minmax(130px, 1fr)', cell: (row) => row.number },
    {
      key: 'other',
      title: t('quote.other'),
      width: 'minmax(110px, 1.4fr)',
      cell: (row) => (row.side === 'seller' ? row.buyer.name : row.seller.name),
    },
    {
      key: 'side',
      title: t('quote.side'),
      width: '110px',
      minor: true,
      cell: (row) => t(`quote.side.${row.side}`),
    },
    {
      key: 'deal',
      title: t('order.deal'),
      width: 'minmax(120px, 1.4fr)',
      minor: true,
      cell: (row) => row.deal?.title ?? '',
    },
    { key: 'rev', title: t('quote.rev'), width: '80px', minor: true, end: true, cell: (row) => row.rev },
    {
      key: 'until',
      title: t('quote.valid_until'),
      width: '110px',
      minor: true,
      end: true,
      cell: (row) => f.date(row.valid_until),
    },
    {
      key: 'total',
      title: t('order.total'),
      width: '120px',
      end: true,
      cell: (row) => f.money(row.total_minor, row.currency),
    },
    {
      key: 'state',
      title: t('field.state'),
      width: '170px',
      minor: true,
      cell: (row) => <QuoteTag state={row.state} />,
    },
  ];
  return (
    <Page
      wide
      title={t('nav.quotes')}
      actions={
        me.can.includes('quote.answer') && (
          <Button component={Link} to="/rfqs/new">
            {t('rfq.ask')}
          </Button>
        )
      }
      tools={
        <>
          <SegmentedControl
            size="xs"
            aria-label={t('quote.side')}
            value={side ?? 'both'}
            onChange={(value) => show({ side: value === 'both' ? undefined : (value as 'seller') })}
            data={(['both', 'seller', 'buyer'] as const).map((value) => ({
              value,
              label: t(`quote.side.${value}`),
            }))}
          />
          <NativeSelect
            size="xs"
            aria-label={t('field.state')}
            value={state ?? ''}
            onChange={(event) => show({ state: (event.currentTarget.value || undefined) as QuoteState })}
            data={[
              { value: '', label: t('quote.any_state') },
              ...QUOTE_STATES.map((value) => ({ value, label: t(`quote.state.${value}`) })),
            ]}
          />
        </>
      }
    >
      <Unplaced />
      <Awaited />
      {asked.isError ? (
        <Failed fault={asked.error} retry={() => void asked.refetch()} />
      ) : !asked.data ? (
        <Waiting rows={8} />
      ) : rows.length === 0 ? (
        <Empty
          icon={FileText}
          title={t('quotes.none')}
          text={t('quotes.none_text')}
          action={<Link to="/deals">{t('quotes.to_deals')}</Link>}
        />
      ) : (
        <Table
          label={t('nav.quotes')}
          rows={rows}
          id={(row) => row.id}
          columns={columns}
          onOpen={(row) => void navigate({ to: '/quotes/$quote', params: { quote: row.id } })}
          more={asked.hasNextPage}
          onEnd={() => !asked.isFetchingNextPage && void asked.fetchNextPage()}
        />
      )}
    </Page>
  );
}
