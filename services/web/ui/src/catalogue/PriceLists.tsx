import { useQuery } from '@tanstack/react-query';
import { Tags } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { api } from '../api/client';
import type { PriceList } from '../api/types';
import { useFormat } from '../app/format';
import { Empty, Failed, Waiting } from '../parts/Page';
import { Table, type Column } from '../parts/Table';
import { PriceListForm } from './PriceListForm';

/** The price lists of one's own: for a partner, or for all. */
export function PriceLists({ open, onOpen }: { open?: string; onOpen: (open?: string) => void }) {
  const { t } = useTranslation();
  const f = useFormat();
  const asked = useQuery({ queryKey: ['price-lists'], queryFn: () => api.read('/price-lists') });
  const chosen = useQuery({
    queryKey: ['price-list', open],
    queryFn: () => api.read(`/price-lists/${open!}`),
    enabled: !!open && open !== 'new',
  });
  const rows = asked.data?.items ?? [];
  const columns: Column<PriceList>[] = [
    { key: 'name', title: t('prices.name'), width: 'minmax(130px, 2fr)', cell: (row) => row.name },
    {
      key: 'buyer',
      title: t('prices.for'),
      width: 'minmax(110px, 1.4fr)',
      cell: (row) => row.buyer?.name ?? (row.tier ? t('prices.of_tier', { tier: row.tier }) : t('prices.for_all')),
    },
    { key: 'currency', title: t('field.currency'), width: '90px', minor: true, cell: (row) => row.currency },
    {
      key: 'days',
      title: t('prices.holds'),
      width: 'minmax(150px, 1.4fr)',
      minor: true,
      cell: (row) =>
        row.valid_to
          ? t('prices.from_to', { from: f.date(row.valid_from), to: f.date(row.valid_to) })
          : t('prices.from_on', { from: f.date(row.valid_from) }),
    },
    { key: 'prices', title: t('prices.count'), width: '90px', end: true, cell: (row) => row.prices },
  ];
  return (
    <>
      {asked.isError ? (
        <Failed fault={asked.error} retry={() => void asked.refetch()} />
      ) : !asked.data ? (
        <Waiting rows={5} />
      ) : rows.length === 0 ? (
        <Empty icon={Tags} title={t('prices.no_list')} text={t('prices.no_list_text')} />
      ) : (
        <Table
          label={t('products.view.lists')}
          rows={rows}
          id={(row) => row.id}
          columns={columns}
          open={open}
          onOpen={(row) => onOpen(row.id)}
        />
      )}
      {(open === 'new' || chosen.data) && open && (
        <PriceListForm
          key={`${open} ${chosen.data?.revision ?? 0}`}
          list={open === 'new' ? undefined : chosen.data}
          onClose={() => onOpen(undefined)}
        />
      )}
    </>
  );
}
