import { Button, SegmentedControl, TextInput } from '@mantine/core';
import { useDebouncedCallback, useDisclosure, useMediaQuery } from '@mantine/hooks';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { Building2, FileUp, Plus, Search } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { api } from '../api/client';
import type { Account } from '../api/types';
import { useFormat } from '../app/format';
import { useCan } from '../app/queries';
import { Empty, Failed, Page, Waiting } from '../parts/Page';
import { Table, type Column } from '../parts/Table';
import { Label } from '../parts/Tag';
import { AccountPanel } from './AccountPanel';
import c from './accounts.module.css';
import { NewAccount } from './NewAccount';

export function AccountsPage() {
  const { t } = useTranslation();
  const f = useFormat();
  const can = useCan();
  const navigate = useNavigate();
  const search = useSearch({ from: '/shell/accounts' });
  const [adding, add] = useDisclosure();
  const view = search.view ?? 'own';
  const sort = search.sort ?? 'name';
  const go = (change: Partial<typeof search>, replace = false) =>
    void navigate({ to: '/accounts', search: { ...search, ...change }, replace });
  const seek = useDebouncedCallback((q: string) => go({ q: q || undefined }, true), 200);
  const accounts = useInfiniteQuery({
    queryKey: ['accounts', view, search.q ?? '', sort],
    queryFn: ({ pageParam, signal }) =>
      api.read(
        '/accounts',
        { view, q: search.q, sort, limit: 100, after: pageParam, total: pageParam === undefined },
        signal,
      ),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next ?? undefined,
    placeholderData: (before) => before,
  });
  const rows = accounts.data?.pages.flatMap((page) => page.items) ?? [];
  const total = accounts.data?.pages[0]?.total;
  const at = rows.findIndex((row) => row.id === search.open);

  const sharing: Column<Account> =
    view === 'own'
      ? {
          key: 'shared',
          title: t('accounts.shared_with'),
          width: 'minmax(110px, 1fr)',
          minor: true,
          cell: (row) =>
            row.shared_with?.length
              ? row.shared_with.map((grant) => <Label key={grant.grant}>{grant.organisation.name}</Label>)
              : '',
        }
      : {
          key: 'owner',
          title: t('accounts.shared_by'),
          width: 'minmax(110px, 1fr)',
          cell: (row) => <Label>{row.owner_organisation.name}</Label>,
        };
  // Beside an open account a smaller window has no room for every column; the panel tells this one.
  const tight = useMediaQuery('(max-width: 1400px)') && !!search.open;
  const columns: Column<Account>[] = [
    {
      key: 'name',
      title: t('field.name'),
      width: 'minmax(150px, 2fr)',
      cell: (row) => row.name ?? t('field.hidden'),
      sort: { active: sort === 'name', down: false, toggle: () => go({ sort: undefined }) },
    },
    { key: 'city', title: t('field.city'), width: 'minmax(90px, 1fr)', cell: (row) => row.city ?? '' },
    {
      key: 'country',
      title: t('field.country'),
      width: 'minmax(80px, 1fr)',
      minor: true,
      cell: (row) => (row.country ? f.country(row.country) : ''),
    },
    {
      key: 'segment',
      title: t('field.segment'),
      width: 'minmax(80px, 1fr)',
      minor: true,
      cell: (row) => row.segment ?? '',
    },
    sharing,
    {
      key: 'updated',
      title: t('field.updated'),
      width: '110px',
      minor: true,
      end: true,
      cell: (row) => f.ago(row.updated_at),
      sort: { active: sort === '-updated_at', down: true, toggle: () => go({ sort: '-updated_at' }) },
    },
  ];
  const empty = accounts.data && rows.length === 0;
  return (
    <Page
      wide
      title={t('nav.accounts')}
      tools={
        <>
          <SegmentedControl
            size="xs"
            aria-label={t('accounts.whose')}
            value={view}
            onChange={(next) => go({ view: next === 'shared' ? 'shared' : undefined, open: undefined })}
            data={[
              { value: 'own', label: t('accounts.own') },
              { value: 'shared', label: t('accounts.shared') },
            ]}
          />
          <TextInput
            className={c.seek}
            leftSection={<Search size={14} aria-hidden />}
            placeholder={t('accounts.seek')}
            aria-label={t('accounts.seek')}
            defaultValue={search.q}
            onChange={(event) => seek(event.currentTarget.value)}
          />
          {typeof total === 'number' && (
            <span className={c.total} role="status">
              {t('accounts.total', { count: total, shown: f.number(total) })}
            </span>
          )}
        </>
      }
      actions={
        <>
          {can('account.import') && (
            <Button
              component={Link}
              to="/accounts/import"
              variant="default"
              leftSection={<FileUp size={15} aria-hidden />}
            >
              {t('imports.short')}
            </Button>
          )}
          {can('account.edit') && (
            <Button leftSection={<Plus size={15} aria-hidden />} onClick={add.open}>
              {t('accounts.new')}
            </Button>
          )}
        </>
      }
    >
      <div className={c.split}>
        {accounts.isError && !accounts.data ? (
          <Failed fault={accounts.error} retry={() => void accounts.refetch()} />
        ) : !accounts.data ? (
          <div style={{ flex: 1 }}>
            <Waiting rows={12} height={34} />
          </div>
        ) : empty && search.q ? (
          <Empty icon={Search} title={t('list.none')} text={t('list.none_text')} />
        ) : empty ? (
          <Empty
            icon={Building2}
            title={t(view === 'own' ? 'accounts.none_own' : 'accounts.none_shared')}
            text={t(view === 'own' ? 'accounts.none_own_text' : 'accounts.none_shared_text')}
            action={
              view === 'own' && can('account.import') ? (
                <Button component={Link} to="/accounts/import">
                  {t('imports.title')}
                </Button>
              ) : undefined
            }
          />
        ) : (
          <Table
            label={t('nav.accounts')}
            rows={rows}
            id={(row) => row.id}
            columns={tight ? columns.filter((column) => column.key !== 'segment') : columns}
            open={search.open}
            onOpen={(row) => go({ open: row.id }, !!search.open)}
            more={accounts.hasNextPage}
            onEnd={() => !accounts.isFetchingNextPage && void accounts.fetchNextPage()}
          />
        )}
        {search.open && (
          <AccountPanel
            key={search.open}
            id={search.open}
            onClose={() => go({ open: undefined }, true)}
            before={rows[at - 1] && (() => go({ open: rows[at - 1].id }, true))}
            after={at >= 0 && rows[at + 1] ? () => go({ open: rows[at + 1].id }, true) : undefined}
          />
        )}
      </div>
      {adding && <NewAccount onClose={add.close} onMade={(id) => go({ view: undefined, open: id })} />}
    </Page>
  );
}
