import { Button, Group } from '@mantine/core';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { ArrowDownLeft, ArrowUpRight, FolderSync, Pencil, Plus, Unplug } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '../api/client';
import type { SftpFile, SftpMailbox } from '../api/types';
import { useFormat } from '../app/format';
import { useCan } from '../app/queries';
import { Empty, Failed, SidePanel, Waiting } from '../parts/Page';
import { say } from '../parts/say';
import { Table, type Column } from '../parts/Table';
import { Tag, type Tone } from '../parts/Tag';
import { MailboxFacts } from './MailboxFacts';
import { MailboxWizard } from './MailboxWizard';
import { FirstName } from './Names';
import { fresh } from './ours';
import { Trial } from './Trial';
import c from './stations.module.css';

/** Partners by SFTP, and one of them beside the list. */
export function Mailboxes({ onAdd }: { onAdd: () => void }) {
  const { t } = useTranslation();
  const f = useFormat();
  const can = useCan();
  const [open, setOpen] = useState<string>();
  const asked = useQuery({ queryKey: ['as2', 'mailboxes'], queryFn: () => api.read('/sftp/mailboxes') });
  if (asked.isError) return <Failed fault={asked.error} retry={() => void asked.refetch()} />;
  if (!asked.data) return <Waiting rows={6} />;
  const rows = asked.data.items;
  if (rows.length === 0)
    return (
      <Empty
        icon={FolderSync}
        title={t('sftp.none')}
        text={t('sftp.none_text')}
        action={
          can('as2.manage') && (
            <Button variant="default" leftSection={<Plus size={15} aria-hidden />} onClick={onAdd}>
              {t('sftp.add')}
            </Button>
          )
        }
      />
    );
  const columns: Column<SftpMailbox>[] = [
    { key: 'name', title: t('sftp.name'), width: 'minmax(130px, 1.2fr)', cell: (row) => row.name },
    {
      key: 'identifier',
      title: t('as2.identifier'),
      width: 'minmax(110px, 1fr)',
      minor: true,
      cell: (row) => <FirstName first={row.identifier} further={row.further} />,
    },
    {
      key: 'side',
      title: t('sftp.where'),
      width: 'minmax(140px, 1.4fr)',
      minor: true,
      cell: (row) => (row.place.side === 'ours' ? t('sftp.here') : `${row.place.host}:${row.place.port}`),
    },
    {
      key: 'seen',
      title: t('sftp.seen'),
      width: '170px',
      cell: (row) =>
        row.why ? (
          <Tag tone="problem">{t('sftp.trouble')}</Tag>
        ) : row.seen_at ? (
          f.moment(row.seen_at)
        ) : (
          <Tag tone="wait">{t('sftp.never')}</Tag>
        ),
    },
  ];
  const shown = rows.find((row) => row.id === open);
  return (
    <div className={c.split}>
      <Table
        label={t('as2.show.sftp')}
        rows={rows}
        id={(row) => row.id}
        columns={columns}
        open={open}
        onOpen={(row) => setOpen(row.id)}
      />
      {shown && <Mailbox key={shown.id} mailbox={shown} onClose={() => setOpen(undefined)} />}
    </div>
  );
}

function Mailbox({ mailbox, onClose }: { mailbox: SftpMailbox; onClose: () => void }) {
  const { t } = useTranslation();
  const can = useCan();
  const [editing, setEditing] = useState(false);
  const [sure, setSure] = useState(false);
  const leave = async () => {
    try {
      await api.drop(`/sftp/mailboxes/${mailbox.id}`);
      say.done(t('as2.left', { name: mailbox.name }));
      onClose();
    } catch (fault) {
      say.problem(fault);
    }
    await fresh();
  };
  return (
    <SidePanel title={mailbox.name} onClose={onClose}>
      <p className={c.lead}>{t(`sftp.tell_${mailbox.place.side}`)}</p>
      <MailboxFacts mailbox={mailbox} />
      {can('as2.manage') && (
        <>
          <Trial run={() => api.post(`/sftp/mailboxes/${mailbox.id}/test`)} words="sftp" />
          <Group gap="xs" mt="md">
            <Button
              size="xs"
              variant="default"
              leftSection={<Pencil size={13} aria-hidden />}
              onClick={() => setEditing(true)}
            >
              {t('as2.change')}
            </Button>
            <Button
              size="xs"
              variant={sure ? 'filled' : 'subtle'}
              color="red"
              leftSection={<Unplug size={13} aria-hidden />}
              onClick={() => (sure ? void leave() : setSure(true))}
            >
              {t(sure ? 'as2.leave_sure' : 'as2.leave')}
            </Button>
          </Group>
        </>
      )}
      {editing && <MailboxWizard mailbox={mailbox} onClose={() => setEditing(false)} />}
    </SidePanel>
  );
}

const TONES: Record<string, Tone> = {
  taken: 'ok',
  refused: 'problem',
  waiting: 'wait',
  delivered: 'ok',
  failed: 'problem',
};

/** What came and went by SFTP, and what became of it. */
export function Files() {
  const { t } = useTranslation();
  const f = useFormat();
  const navigate = useNavigate();
  const asked = useInfiniteQuery({
    queryKey: ['as2', 'files'],
    queryFn: ({ pageParam }) => api.read('/sftp/files', { limit: 100, after: pageParam }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next ?? undefined,
    refetchInterval: 10_000,
  });
  if (asked.isError) return <Failed fault={asked.error} retry={() => void asked.refetch()} />;
  if (!asked.data) return <Waiting rows={8} />;
  const rows = asked.data.pages.flatMap((page) => page.items);
  if (rows.length === 0)
    return <Empty icon={FolderSync} title={t('sftp.files_none')} text={t('sftp.files_none_text')} />;
  const columns: Column<SftpFile>[] = [
    {
      key: 'mailbox',
      title: t('as2.partner'),
      width: 'minmax(130px, 1fr)',
      cell: (row) => (
        <span className={c.way}>
          {row.direction === 'in' ? (
            <ArrowDownLeft size={14} aria-label={t('interchange.in')} />
          ) : (
            <ArrowUpRight size={14} aria-label={t('interchange.out')} />
          )}
          {row.mailbox}
        </span>
      ),
    },
    {
      key: 'state',
      title: t('field.state'),
      width: '170px',
      cell: (row) => <Tag tone={TONES[row.state]}>{t(`sftp.state.${row.state}`)}</Tag>,
    },
    {
      key: 'name',
      title: t('sftp.file'),
      width: 'minmax(140px, 1.4fr)',
      minor: true,
      cell: (row) => <code title={row.name}>{row.name}</code>,
    },
    {
      key: 'why',
      title: t('as2.why'),
      width: 'minmax(140px, 2fr)',
      minor: true,
      cell: (row) => <span title={row.why ?? undefined}>{row.why}</span>,
    },
    { key: 'at', title: t('edi.at'), width: '120px', minor: true, end: true, cell: (row) => f.moment(row.at) },
  ];
  return (
    <Table
      label={t('as2.show.files')}
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
