import { useInfiniteQuery } from '@tanstack/react-query';
import { ScrollText } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '../api/client';
import type { AuditEntry } from '../api/types';
import { useFormat } from '../app/format';
import { Empty, Failed, Page, SidePanel, Waiting } from '../parts/Page';
import { Table, type Column } from '../parts/Table';
import c from './admin.module.css';

/** Who did what, as a chain that cannot be rewritten. */
export function AuditPage() {
  const { t } = useTranslation();
  const f = useFormat();
  const [open, setOpen] = useState<AuditEntry | null>(null);
  const asked = useInfiniteQuery({
    queryKey: ['audit'],
    queryFn: ({ pageParam }) => api.read('/audit', { limit: 100, after: pageParam }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next ?? undefined,
  });
  const rows = asked.data?.pages.flatMap((page) => page.items) ?? [];
  const columns: Column<AuditEntry>[] = [
    { key: 'action', title: t('audit.action'), width: 'minmax(140px, 1.2fr)', cell: (row) => row.action },
    {
      key: 'actor',
      title: t('audit.actor'),
      width: 'minmax(110px, 1fr)',
      cell: (row) => row.actor ?? t('event.system'),
    },
    {
      key: 'subject',
      title: t('audit.subject'),
      width: 'minmax(140px, 1.4fr)',
      minor: true,
      cell: (row) => <code className={c.code}>{row.subject}</code>,
    },
    {
      key: 'at',
      title: t('audit.at'),
      width: '150px',
      end: true,
      minor: true,
      cell: (row) => f.moment(row.at),
    },
    { key: 'seq', title: t('audit.seq'), width: '70px', end: true, cell: (row) => f.number(row.seq) },
  ];
  return (
    <Page wide title={t('nav.audit')} lead={t('audit.lead')}>
      {asked.isError ? (
        <Failed fault={asked.error} retry={() => void asked.refetch()} />
      ) : !asked.data ? (
        <Waiting rows={10} />
      ) : rows.length === 0 ? (
        <Empty icon={ScrollText} title={t('list.none')} text={t('audit.lead')} />
      ) : (
        <div className={c.split}>
          <Table
            label={t('nav.audit')}
            rows={rows}
            id={(row) => String(row.seq)}
            columns={columns}
            open={open ? String(open.seq) : undefined}
            onOpen={setOpen}
            more={asked.hasNextPage}
            onEnd={() => !asked.isFetchingNextPage && void asked.fetchNextPage()}
          />
          {open && (
            <SidePanel title={open.action} onClose={() => setOpen(null)}>
              <p className={c.lead}>
                {open.actor ?? t('event.system')} · {f.precise(open.at)}
              </p>
              <p>
                <code className={c.code}>{open.subject}</code>
              </p>
              <pre className={c.detail}>
                {typeof open.detail === 'string' ? open.detail : JSON.stringify(open.detail, null, 2)}
              </pre>
            </SidePanel>
          )}
        </div>
      )}
    </Page>
  );
}
