import { Anchor, Button, Group } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { ArrowDownLeft, ArrowUpRight, FileCheck2, Mails, RotateCw } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { api } from '../api/client';
import type { As2Message } from '../api/types';
import { useFormat } from '../app/format';
import { useCan } from '../app/queries';
import { Empty, Failed, Waiting } from '../parts/Page';
import { say } from '../parts/say';
import { Table, type Column } from '../parts/Table';
import { Tag, type Tone } from '../parts/Tag';
import { fresh } from './ours';
import c from './stations.module.css';

const TONES: Record<string, Tone> = {
  taken: 'ok',
  refused: 'problem',
  waiting: 'wait',
  sent: 'wait',
  delivered: 'ok',
  failed: 'problem',
};

/** What went over the wire, in both directions, and what became of it. */
export function Messages() {
  const { t } = useTranslation();
  const f = useFormat();
  const navigate = useNavigate();
  const asked = useInfiniteQuery({
    queryKey: ['as2', 'messages'],
    queryFn: ({ pageParam }) => api.read('/as2/messages', { limit: 100, after: pageParam }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next ?? undefined,
    refetchInterval: 10_000,
  });
  if (asked.isError) return <Failed fault={asked.error} retry={() => void asked.refetch()} />;
  if (!asked.data) return <Waiting rows={8} />;
  const rows = asked.data.pages.flatMap((page) => page.items);
  if (rows.length === 0)
    return <Empty icon={Mails} title={t('as2.messages_none')} text={t('as2.messages_none_text')} />;
  const columns: Column<As2Message>[] = [
    {
      key: 'partner',
      title: t('as2.partner'),
      width: 'minmax(130px, 1fr)',
      cell: (row) => (
        <span className={c.way}>
          {row.direction === 'in' ? (
            <ArrowDownLeft size={14} aria-label={t('interchange.in')} />
          ) : (
            <ArrowUpRight size={14} aria-label={t('interchange.out')} />
          )}
          {row.partner}
        </span>
      ),
    },
    {
      key: 'state',
      title: t('field.state'),
      width: '170px',
      cell: (row) => <Tag tone={TONES[row.state]}>{t(`as2.state.${row.state}`)}</Tag>,
    },
    {
      key: 'why',
      title: t('as2.why'),
      width: 'minmax(140px, 2fr)',
      minor: true,
      cell: (row) => <span title={row.why ?? undefined}>{row.why}</span>,
    },
    {
      key: 'id',
      title: 'Message-ID',
      width: 'minmax(120px, 1.2fr)',
      minor: true,
      cell: (row) => <code title={row.message_id}>{row.message_id}</code>,
    },
    { key: 'at', title: t('edi.at'), width: '120px', minor: true, end: true, cell: (row) => f.moment(row.at) },
    { key: 'do', title: '', width: '210px', minor: true, end: true, cell: (row) => <Acts message={row} /> },
  ];
  return (
    <Table
      label={t('as2.show.messages')}
      rows={rows}
      id={(row) => row.id}
      columns={columns}
      onOpen={(row) => {
        const { interchange } = row;
        if (interchange) void navigate({ to: '/edi/$interchange', params: { interchange } });
      }}
      more={asked.hasNextPage}
      onEnd={() => !asked.isFetchingNextPage && void asked.fetchNextPage()}
    />
  );
}

function Acts({ message }: { message: As2Message }) {
  const { t } = useTranslation();
  const can = useCan();
  const again = async () => {
    try {
      await api.post(`/as2/messages/${message.id}/send`);
      say.done(t('as2.resent'));
    } catch (fault) {
      say.problem(fault);
    }
    await fresh();
  };
  const open = message.direction === 'out' && message.state !== 'delivered';
  return (
    <Group gap={4} wrap="nowrap" justify="flex-end" onClick={(event) => event.stopPropagation()}>
      {open && can('as2.manage') && (
        <Button
          size="compact-xs"
          variant="subtle"
          leftSection={<RotateCw size={12} aria-hidden />}
          onClick={() => void again()}
        >
          {t('as2.resend')}
        </Button>
      )}
      <Anchor size="xs" href={`/api/v1/as2/messages/${message.id}/proof`} download className={c.proof}>
        <FileCheck2 size={13} aria-hidden />
        {t('as2.proof')}
      </Anchor>
    </Group>
  );
}
