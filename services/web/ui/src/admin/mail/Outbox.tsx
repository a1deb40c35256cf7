import { Button, Group } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Mail, Send } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { api } from '../../api/client';
import type { OutboxMail } from '../../api/types';
import { useFormat } from '../../app/format';
import { queries } from '../../app/queries';
import { Empty, Failed, Waiting } from '../../parts/Page';
import { say } from '../../parts/say';
import { Table, type Column } from '../../parts/Table';
import { Tag, type Tone } from '../../parts/Tag';

const TONES: Record<OutboxMail['state'], Tone> = {
  queued: 'wait',
  sent: 'ok',
  failed: 'problem',
  kept: 'info',
  cancelled: 'plain',
};

/** Mails on their way out; one that was kept, or that failed, can be sent after all. */
export function Outbox() {
  const { t } = useTranslation();
  const f = useFormat();
  const asked = useQuery({ queryKey: ['outbox'], queryFn: () => api.read('/mail/outbox') });
  if (asked.isError) return <Failed fault={asked.error} retry={() => void asked.refetch()} />;
  if (!asked.data) return <Waiting rows={8} />;
  if (asked.data.items.length === 0)
    return <Empty icon={Mail} title={t('mail.none')} text={t('mail.none_text')} />;
  const columns: Column<OutboxMail>[] = [
    { key: 'subject', title: t('mail.subject'), width: 'minmax(140px, 2fr)', cell: (row) => row.subject },
    { key: 'to', title: t('mail.to'), width: 'minmax(120px, 1.3fr)', minor: true, cell: (row) => row.to },
    {
      key: 'state',
      title: t('field.state'),
      width: 'minmax(110px, 1fr)',
      cell: (row) => <State row={row} />,
    },
    {
      key: 'error',
      title: t('mail.error'),
      width: 'minmax(80px, 1fr)',
      minor: true,
      cell: (row) => row.error ?? '',
    },
    {
      key: 'tries',
      title: t('mail.tries'),
      width: '70px',
      minor: true,
      end: true,
      cell: (row) => f.number(row.attempts),
    },
    { key: 'at', title: t('mail.at'), width: '120px', end: true, cell: (row) => f.moment(row.at) },
  ];
  return (
    <Table
      label={t('mail.show.outbox')}
      rows={asked.data.items}
      id={(row) => row.id}
      columns={columns}
      onOpen={(row) => window.open(`/api/v1/mail/outbox/${row.id}/raw`, '_blank', 'noopener')}
    />
  );
}

function State({ row }: { row: OutboxMail }) {
  const { t } = useTranslation();
  const send = async () => {
    try {
      await api.post(`/mail/outbox/${row.id}/send`);
      say.done(t('mail.sending'));
    } catch (fault) {
      say.problem(fault);
    }
    await queries.invalidateQueries({ queryKey: ['outbox'] });
  };
  return (
    <Group gap={6} wrap="nowrap">
      <Tag tone={TONES[row.state]}>{t(`mail.${row.state}`)}</Tag>
      {(row.state === 'kept' || row.state === 'failed') && (
        <Button
          size="compact-xs"
          variant="subtle"
          leftSection={<Send size={12} aria-hidden />}
          onClick={(event) => {
            event.stopPropagation();
            void send();
          }}
        >
          {t('mail.send_again')}
        </Button>
      )}
    </Group>
  );
}
