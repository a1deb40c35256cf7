import { Button } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { ReceiptText } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { api } from '../api/client';
import type { OrderSummary } from '../api/types';
import { useFormat } from '../app/format';
import { useMe } from '../app/queries';
import { Empty, Failed, Page, Waiting } from '../parts/Page';
import { Table, type Column } from '../parts/Table';
import { OrderTag } from './OrderTag';

export function OrdersPage() {
  const { t } = useTranslation();
  const f = useFormat();
  const navigate = useNavigate();
  const me = useMe();
  const orders = useInfiniteQuery({
    queryKey: ['orders'],
    queryFn: ({ pageParam }) => api.read('/orders', { limit: 100, after: pageParam }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next ?? undefined,
  });
  const rows = orders.data?.pages.flatMap((page) => page.items) ?? [];
  const columns: Column<OrderSummary>[] = [
    { key: 'number', title: t('order.number'), width: 'minmax(110px, 1fr)', cell: (row) => row.number },
    { key: 'buyer', title: t('order.buyer'), width: 'minmax(100px, 1.4fr)', cell: (row) => row.buyer.name },
    {
      key: 'seller',
      title: t('order.seller'),
      width: 'minmax(120px, 1.2fr)',
      minor: true,
      cell: (row) => row.seller.name,
    },
    {
      key: 'deal',
      title: t('order.deal'),
      width: 'minmax(120px, 1.4fr)',
      minor: true,
      cell: (row) => row.deal?.title ?? '',
    },
    {
      key: 'on',
      title: t('order.on'),
      width: '100px',
      minor: true,
      end: true,
      cell: (row) => f.date(row.ordered_on),
    },
    {
      key: 'total',
      title: t('order.total'),
      width: '110px',
      end: true,
      cell: (row) => f.money(row.total_minor, row.currency),
    },
    {
      key: 'state',
      title: t('field.state'),
      width: '196px',
      minor: true,
      cell: (row) => <OrderTag state={row.state} />,
    },
  ];
  return (
    <Page
      wide
      title={t('nav.orders')}
      actions={
        <>
          {me.can.includes('order.write') && (
            <Button component={Link} to="/orders/new">
              {t('order.new')}
            </Button>
          )}
          <Button component={Link} to="/invoices" variant="default">
            {t('nav.invoices')}
          </Button>
          <Button component={Link} to="/edi" variant="default">
            {t('orders.to_edi')}
          </Button>
        </>
      }
    >
      {orders.isError ? (
        <Failed fault={orders.error} retry={() => void orders.refetch()} />
      ) : !orders.data ? (
        <Waiting rows={8} />
      ) : rows.length === 0 ? (
        <Empty
          icon={ReceiptText}
          title={t('orders.none')}
          text={t('orders.none_text')}
          action={
            <Button component={Link} to="/edi">
              {t('orders.to_edi')}
            </Button>
          }
        />
      ) : (
        <Table
          label={t('nav.orders')}
          rows={rows}
          id={(row) => row.id}
          columns={columns}
          onOpen={(row) => void navigate({ to: '/orders/$order', params: { order: row.id } })}
          more={orders.hasNextPage}
          onEnd={() => !orders.isFetchingNextPage && void orders.fetchNextPage()}
        />
      )}
    </Page>
  );
}
