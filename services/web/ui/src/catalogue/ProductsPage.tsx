import { Button, SegmentedControl, TextInput } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { Package, Plus, Search } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { api } from '../api/client';
import type { Product } from '../api/types';
import { useFormat } from '../app/format';
import { useCan } from '../app/queries';
import { Empty, Failed, Page, Waiting } from '../parts/Page';
import { Table, type Column } from '../parts/Table';
import { Tag } from '../parts/Tag';
import { nameOf } from './names';
import { PartnerPrices } from './PartnerPrices';
import { PriceLists } from './PriceLists';
import { ProductForm } from './ProductForm';

/** What we sell, what it costs whom, and what partners ask of us. */
export function ProductsPage() {
  const { t } = useTranslation();
  const can = useCan();
  const navigate = useNavigate();
  const search = useSearch({ from: '/shell/products' });
  const view = search.view ?? 'products';
  const go = (change: Partial<typeof search>) =>
    void navigate({ to: '/products', search: { ...search, ...change }, replace: true });
  const seek = useDebouncedCallback((q: string) => go({ q: q || undefined }), 200);
  const views = can('price.read') ? (['products', 'lists', 'prices'] as const) : (['products'] as const);
  return (
    <Page
      wide
      title={t('nav.products')}
      lead={t(`products.lead.${view}`)}
      tools={
        <>
          {views.length > 1 && (
            <SegmentedControl
              size="xs"
              aria-label={t('products.view')}
              value={view}
              onChange={(next) => go({ view: next as typeof view, open: undefined })}
              data={views.map((value) => ({ value, label: t(`products.view.${value}`) }))}
            />
          )}
          {view !== 'lists' && (
            <TextInput
              size="xs"
              type="search"
              aria-label={t('products.search')}
              placeholder={t('products.search')}
              leftSection={<Search size={14} aria-hidden />}
              defaultValue={search.q ?? ''}
              onChange={(event) => seek(event.currentTarget.value.trim())}
            />
          )}
        </>
      }
      actions={
        view !== 'prices' &&
        can('product.write') && (
          <Button leftSection={<Plus size={15} aria-hidden />} onClick={() => go({ open: 'new' })}>
            {t(view === 'lists' ? 'prices.new_list' : 'products.new')}
          </Button>
        )
      }
    >
      {view === 'products' && <Products q={search.q} open={search.open} onOpen={(open) => go({ open })} />}
      {view === 'lists' && <PriceLists open={search.open} onOpen={(open) => go({ open })} />}
      {view === 'prices' && <PartnerPrices q={search.q} />}
    </Page>
  );
}

function Products({ q, open, onOpen }: { q?: string; open?: string; onOpen: (open?: string) => void }) {
  const { t, i18n } = useTranslation();
  const f = useFormat();
  const asked = useInfiniteQuery({
    queryKey: ['products', q ?? ''],
    queryFn: ({ pageParam }) => api.read('/products', { q, inactive: true, limit: 100, after: pageParam }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next ?? undefined,
    placeholderData: (before) => before,
  });
  const rows = asked.data?.pages.flatMap((page) => page.items) ?? [];
  const columns: Column<Product>[] = [
    { key: 'sku', title: t('products.sku'), width: 'minmax(110px, 1fr)', cell: (row) => row.sku },
    {
      key: 'name',
      title: t('products.name'),
      width: 'minmax(140px, 2.4fr)',
      cell: (row) => nameOf(row.names, i18n.language),
    },
    { key: 'family', title: t('products.family'), width: 'minmax(90px, 1fr)', minor: true, cell: (row) => row.family },
    { key: 'gtin', title: t('products.gtin'), width: '140px', minor: true, cell: (row) => row.gtin ?? '' },
    { key: 'unit', title: t('quote.unit'), width: '70px', minor: true, cell: (row) => row.unit },
    {
      key: 'pack',
      title: t('products.pack'),
      width: '80px',
      minor: true,
      end: true,
      cell: (row) => (row.pack ? f.decimal(row.pack) : ''),
    },
    {
      key: 'state',
      title: t('field.state'),
      width: '120px',
      cell: (row) => <Tag tone={row.active ? 'ok' : 'plain'}>{t(row.active ? 'products.active' : 'products.inactive')}</Tag>,
    },
  ];
  const chosen = rows.find((row) => row.id === open);
  return (
    <>
      {asked.isError ? (
        <Failed fault={asked.error} retry={() => void asked.refetch()} />
      ) : !asked.data ? (
        <Waiting rows={8} />
      ) : rows.length === 0 ? (
        <Empty icon={Package} title={t('products.none')} text={t('products.none_text')} />
      ) : (
        <Table
          label={t('nav.products')}
          rows={rows}
          id={(row) => row.id}
          columns={columns}
          open={open}
          onOpen={(row) => onOpen(row.id)}
          onEnd={() => void asked.fetchNextPage()}
          more={asked.hasNextPage}
        />
      )}
      {(open === 'new' || chosen) && (
        <ProductForm key={chosen?.id ?? 'new'} product={chosen} onClose={() => onOpen(undefined)} />
      )}
    </>
  );
}
