import { Button, SegmentedControl } from '@mantine/core';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { ArrowDownLeft, ArrowLeftRight, ArrowUpRight, RadioTower, Upload } from 'lucide-react';
import { useCallback, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '../api/client';
import type { Interchange } from '../api/types';
import { useFormat } from '../app/format';
import { queries, useCan } from '../app/queries';
import { Empty, Failed, Page, Waiting } from '../parts/Page';
import { say } from '../parts/say';
import { Table, type Column } from '../parts/Table';
import { filterOf, isAll, searchOf, type InboxSearch } from './filters';
import i from './inbox.module.css';
import { InboxFilters } from './InboxFilters';
import { InterchangeTag } from './OrderTag';
import c from './orders.module.css';
import { firstOf, SavedViews, viewsQuery } from './SavedViews';

/** After so many parts without much, a person says whether to look further back. */
const PATIENCE = 20;

export function InterchangesPage() {
  const { t } = useTranslation();
  const f = useFormat();
  const navigate = useNavigate();
  const search = useSearch({ from: '/shell/edi' });
  const can = useCan();
  const input = useRef<HTMLInputElement>(null);
  const asked = useInfiniteQuery({
    queryKey: ['interchanges', filterOf(search)],
    queryFn: ({ pageParam, signal }) =>
      api.read('/edi/interchanges', { ...filterOf(search), limit: 100, after: pageParam }, signal),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next ?? undefined,
    placeholderData: (before) => before,
  });
  const rows = asked.data?.pages.flatMap((page) => page.items) ?? [];
  const show = useCallback(
    (search: InboxSearch) => void navigate({ to: '/edi', search, replace: true }),
    [navigate],
  );
  // A view opens first where nothing else is asked for.
  const views = useQuery(viewsQuery);
  const first = Object.keys(search).length === 0 ? firstOf(views.data?.items ?? []) : undefined;
  useEffect(() => {
    if (first) show(searchOf(first.filter));
  }, [first, show]);
  // What fits may be far back; the hub looks through a part at a time, and says how far it came.
  const pages = asked.data?.pages.length ?? 0;
  const [patience, setPatience] = useState(PATIENCE);
  const tired = pages >= patience && (asked.data?.pages.at(-1)?.items.length ?? 0) < 100;
  const more = asked.hasNextPage && !tired;
  const next = asked.fetchNextPage;
  const looking = rows.length === 0 && more;
  useEffect(() => {
    if (looking && !asked.isFetching) void next();
  }, [looking, asked.isFetching, next]);
  const upload = async (file?: File) => {
    if (!file) return;
    try {
      const { items } = await api.upload('/edi/interchanges', file);
      await queries.invalidateQueries({ queryKey: ['interchanges'] });
      void queries.invalidateQueries({ queryKey: ['orders'] });
      say.done(t('edi.taken', { count: items.length }));
      if (items.length === 1)
        void navigate({ to: '/edi/$interchange', params: { interchange: items[0].id } });
    } catch (fault) {
      say.problem(fault);
    }
  };
  const filter = search.overdue
    ? 'overdue'
    : search.state === 'quarantined' && !search.direction
      ? 'quarantined'
      : (search.direction ?? 'all');
  const columns: Column<Interchange>[] = [
    {
      key: 'kind',
      title: t('edi.document'),
      width: 'minmax(150px, 1.6fr)',
      cell: (row) => (
        <span className={c.kind}>
          {row.direction === 'in' ? (
            <ArrowDownLeft size={14} aria-label={t('interchange.in')} />
          ) : (
            <ArrowUpRight size={14} aria-label={t('interchange.out')} />
          )}
          {t(`document.${row.kind}`)}
        </span>
      ),
    },
    {
      key: 'state',
      title: t('field.state'),
      width: '140px',
      cell: (row) => <InterchangeTag state={row.state} overdue={row.overdue} />,
    },
    {
      key: 'from',
      title: t('edi.parties'),
      width: 'minmax(150px, 1.4fr)',
      minor: true,
      cell: (row) => (
        <code>
          {row.sender ?? '?'} → {row.receiver ?? '?'}
        </code>
      ),
    },
    {
      key: 'number',
      title: t('edi.control'),
      width: '120px',
      minor: true,
      cell: (row) => <code>{row.control_number ?? ''}</code>,
    },
    {
      key: 'order',
      title: t('edi.order'),
      width: '120px',
      minor: true,
      cell: (row) => row.order?.number ?? '',
    },
    {
      key: 'way',
      title: t('edi.way'),
      width: '100px',
      minor: true,
      cell: (row) => t(`way.${row.way}`),
    },
    {
      key: 'size',
      title: t('edi.size'),
      width: '80px',
      minor: true,
      end: true,
      cell: (row) => f.bytes(row.bytes),
    },
    {
      key: 'at',
      title: t('edi.at'),
      width: '120px',
      end: true,
      minor: true,
      cell: (row) => f.moment(row.at),
    },
  ];
  return (
    <Page
      wide
      title={t('nav.edi')}
      tools={
        <SegmentedControl
          size="xs"
          aria-label={t('edi.filter')}
          value={filter}
          data={['all', 'in', 'out', 'quarantined', 'overdue'].map((value) => ({
            value,
            label: t(`edi.show.${value}`),
          }))}
          onChange={(value) =>
            void navigate({
              to: '/edi',
              search: {
                ...search,
                direction: value === 'in' || value === 'out' ? value : undefined,
                state:
                  value === 'quarantined' ? value : filter === 'quarantined' ? undefined : search.state,
                overdue: value === 'overdue' || undefined,
                plain: true,
              },
            })
          }
        />
      }
      actions={
        <>
          {can('as2.read') && (
            <Button
              component={Link}
              to="/edi/as2"
              variant="default"
              leftSection={<RadioTower size={15} aria-hidden />}
            >
              AS2
            </Button>
          )}
          {can('edi.submit') && (
            <input
              ref={input}
              type="file"
              hidden
              aria-label={t('edi.upload')}
              onChange={(event) => void upload(event.currentTarget.files?.[0])}
            />
          )}
          {can('edi.submit') && (
            <Button leftSection={<Upload size={15} aria-hidden />} onClick={() => input.current?.click()}>
              {t('edi.upload')}
            </Button>
          )}
        </>
      }
    >
      <InboxFilters search={search} onChange={show}>
        <SavedViews search={search} onChange={show} />
      </InboxFilters>
      {asked.isError ? (
        <Failed fault={asked.error} retry={() => void asked.refetch()} />
      ) : !asked.data || looking ? (
        <Waiting rows={8} />
      ) : rows.length === 0 ? (
        <Empty
          icon={ArrowLeftRight}
          title={t(isAll(search) ? 'edi.none' : 'edi.none_fits')}
          text={t(isAll(search) ? 'edi.none_text' : tired ? 'edi.none_fits_yet' : 'edi.none_fits_text')}
          action={
            tired && asked.hasNextPage ? (
              <Button variant="default" onClick={() => setPatience(pages + PATIENCE)}>
                {t('edi.look_on')}
              </Button>
            ) : undefined
          }
        />
      ) : (
        <Table
          label={t('nav.edi')}
          rows={rows}
          id={(row) => row.id}
          columns={columns}
          onOpen={(row) => void navigate({ to: '/edi/$interchange', params: { interchange: row.id } })}
          more={more}
          onEnd={() => !asked.isFetchingNextPage && void asked.fetchNextPage()}
        />
      )}
      {rows.length > 0 && tired && asked.hasNextPage && (
        <div className={i.look}>
          {t('edi.looked_back', { time: f.moment(rows[rows.length - 1].at) })}
          <Button size="compact-sm" variant="default" onClick={() => setPatience(pages + PATIENCE)}>
            {t('edi.look_on')}
          </Button>
        </div>
      )}
    </Page>
  );
}
