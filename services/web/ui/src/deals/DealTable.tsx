import { useInfiniteQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { Columns3 } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { api } from '../api/client';
import type { DealSummary } from '../api/types';
import { useFormat } from '../app/format';
import { useMe } from '../app/queries';
import { Empty, Failed, Waiting } from '../parts/Page';
import { Table, type Column } from '../parts/Table';
import { StageDot } from '../parts/Tag';

/** The same deals as rows. */
export function DealTable({ q }: { q?: string }) {
  const { t } = useTranslation();
  const f = useFormat();
  const us = useMe().organisation.id;
  const navigate = useNavigate();
  const deals = useInfiniteQuery({
    queryKey: ['deals', q ?? ''],
    queryFn: ({ pageParam }) => api.read('/deals', { q, limit: 100, after: pageParam }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next ?? undefined,
  });
  if (deals.isError) return <Failed fault={deals.error} retry={() => void deals.refetch()} />;
  if (!deals.data) return <Waiting rows={10} />;
  const rows = deals.data.pages.flatMap((page) => page.items);
  if (rows.length === 0) return <Empty icon={Columns3} title={t('list.none')} text={t('list.none_text')} />;
  const columns: Column<DealSummary>[] = [
    {
      key: 'title',
      title: t('field.title'),
      width: 'minmax(160px, 2fr)',
      cell: (deal) => deal.title ?? t('field.hidden'),
    },
    {
      key: 'account',
      title: t('field.account'),
      width: 'minmax(100px, 1.2fr)',
      minor: true,
      cell: (deal) => deal.account ?? t('field.hidden'),
    },
    {
      key: 'stage',
      title: t('field.stage'),
      width: '130px',
      cell: (deal) =>
        deal.stage ? (
          <>
            <StageDot stage={deal.stage} /> {t(`stage.${deal.stage}`)}
          </>
        ) : (
          t('field.hidden')
        ),
    },
    {
      key: 'with',
      title: t('field.with'),
      width: 'minmax(100px, 1fr)',
      minor: true,
      cell: (deal) =>
        deal.parties
          .filter((one) => one.id !== us)
          .map((one) => one.name)
          .join(', '),
    },
    {
      key: 'close',
      title: t('field.close_on'),
      width: '100px',
      minor: true,
      end: true,
      cell: (deal) => (deal.close_on ? f.date(deal.close_on) : ''),
    },
    {
      key: 'amount',
      title: t('field.amount'),
      width: '110px',
      end: true,
      cell: (deal) =>
        typeof deal.amount_minor === 'number' && deal.currency
          ? f.money(deal.amount_minor, deal.currency)
          : t('field.hidden'),
    },
  ];
  return (
    <Table
      label={t('nav.deals')}
      rows={rows}
      id={(deal) => deal.id}
      columns={columns}
      onOpen={(deal) => void navigate({ to: '/deals/$deal', params: { deal: deal.id } })}
      more={deals.hasNextPage}
      onEnd={() => !deals.isFetchingNextPage && void deals.fetchNextPage()}
    />
  );
}
