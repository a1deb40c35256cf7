import { NativeSelect, SegmentedControl } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { FileCheck2 } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { api } from '../api/client';
import { INVOICE_STATES, type InvoiceSummary } from '../api/types';
import { useFormat } from '../app/format';
import { useMe } from '../app/queries';
import { Empty, Failed, Page, Waiting } from '../parts/Page';
import { Table, type Column } from '../parts/Table';
import { InvoiceTag } from './InvoiceTag';

export function InvoicesPage() {
  const { t } = useTranslation();
  const f = useFormat();
  const me = useMe();
  const navigate = useNavigate();
  const { state, side } = useSearch({ from: '/shell/invoices' });
  const asked = useInfiniteQuery({
    queryKey: ['invoices', state, side],
    queryFn: ({ pageParam }) => api.read('/invoices', { limit: 100, after: pageParam, state, side }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next ?? undefined,
  });
  const show = (next: { state?: InvoiceSummary['state']; side?: 'seller' | 'buyer' }) =>
    void navigate({ to: '/invoices', search: { state, side, ...next }, replace: true });
  const rows = asked.data?.pages.flatMap((page) => page.items) ?? [];
  const sells = (row: InvoiceSummary) => row.seller.id === me.organisation.id;
  const columns: Column<InvoiceSummary>[] = [
    { key: 'number', title: t('invoice.number'), width: 'minmax(110px, 1fr)', cell: (row) => row.number },
    {
      key: 'other',
      title: t('quote.other'),
      width: 'minmax(100px, 1.4fr)',
      cell: (row) => (sells(row) ? row.buyer.name : row.seller.name),
    },
    {
      key: 'side',
      title: t('quote.side'),
      width: '110px',
      minor: true,
      cell: (row) => t(`quote.side.${sells(row) ? 'seller' : 'buyer'}`),
    },
    {
      key: 'order',
      title: t('order.number'),
      width: 'minmax(110px, 1fr)',
      minor: true,
      cell: (row) => row.order.number,
    },
    {
      key: 'issued',
      title: t('invoice.issued_on'),
      width: '110px',
      minor: true,
      end: true,
      cell: (row) => f.date(row.issued_on),
    },
    {
      key: 'due',
      title: t('invoice.due_on'),
      width: '110px',
      minor: true,
      end: true,
      cell: (row) => (row.due_on ? f.date(row.due_on) : ''),
    },
    {
      key: 'total',
      title: t('order.total'),
      width: '120px',
      end: true,
      cell: (row) => f.money(row.kind === 'invoice' ? row.total_minor : -row.total_minor, row.currency),
    },
    {
      key: 'state',
      title: t('field.state'),
      width: '150px',
      minor: true,
      cell: (row) => <InvoiceTag invoice={row} />,
    },
  ];
  return (
    <Page
      wide
      title={t('nav.invoices')}
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
            onChange={(event) => show({ state: (event.currentTarget.value || undefined) as InvoiceSummary['state'] })}
            data={[
              { value: '', label: t('quote.any_state') },
              ...INVOICE_STATES.map((value) => ({ value, label: t(`invoice.state.${value}`) })),
            ]}
          />
        </>
      }
    >
      {asked.isError ? (
        <Failed fault={asked.error} retry={() => void asked.refetch()} />
      ) : !asked.data ? (
        <Waiting rows={8} />
      ) : rows.length === 0 ? (
        <Empty
          icon={FileCheck2}
          title={t('invoices.none')}
          text={t('invoices.none_text')}
          action={<Link to="/orders">{t('nav.orders')}</Link>}
        />
      ) : (
        <Table
          label={t('nav.invoices')}
          rows={rows}
          id={(row) => row.id}
          columns={columns}
          onOpen={(row) => void navigate({ to: '/invoices/$invoice', params: { invoice: row.id } })}
          more={asked.hasNextPage}
          onEnd={() => !asked.isFetchingNextPage && void asked.fetchNextPage()}
        />
      )}
    </Page>
  );
}
