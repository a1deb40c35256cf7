import { SegmentedControl } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { Mail, ShieldCheck } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { api } from '../api/client';
import type { OutboxMail, QuarantinedMail } from '../api/types';
import { useFormat } from '../app/format';
import { Empty, Failed, Page, Waiting } from '../parts/Page';
import { Table, type Column } from '../parts/Table';
import { Tag, type Tone } from '../parts/Tag';

const TONES: Record<OutboxMail['state'], Tone> = {
  queued: 'wait',
  sent: 'ok',
  failed: 'problem',
  kept: 'info',
  cancelled: 'plain',
};

/** Mails on their way out, and those that came in and were not trusted. */
export function MailPage() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const { view } = useSearch({ from: '/shell/mail' });
  return (
    <Page
      wide
      title={t('nav.mail')}
      lead={t(view ? 'mail.quarantine_lead' : 'mail.outbox_lead')}
      tools={
        <SegmentedControl
          size="xs"
          aria-label={t('mail.which')}
          value={view ?? 'outbox'}
          onChange={(next) =>
            void navigate({ to: '/mail', search: { view: next === 'quarantine' ? 'quarantine' : undefined } })
          }
          data={['outbox', 'quarantine'].map((value) => ({ value, label: t(`mail.show.${value}`) }))}
        />
      }
    >
      {view ? <Quarantine /> : <Outgoing />}
    </Page>
  );
}

function Outgoing() {
  const { t } = useTranslation();
  const f = useFormat();
  const asked = useQuery({
    queryKey: ['outbox'],
    queryFn: () => api.read('/mail/outbox'),
  });
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
      width: '110px',
      cell: (row) => <Tag tone={TONES[row.state]}>{t(`mail.${row.state}`)}</Tag>,
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
      width: '80px',
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

function Quarantine() {
  const { t } = useTranslation();
  const f = useFormat();
  const asked = useQuery({
    queryKey: ['quarantine'],
    queryFn: () => api.read('/mail/quarantine'),
  });
  if (asked.isError) return <Failed fault={asked.error} retry={() => void asked.refetch()} />;
  if (!asked.data) return <Waiting rows={8} />;
  if (asked.data.items.length === 0)
    return <Empty icon={ShieldCheck} title={t('mail.clean')} text={t('mail.clean_text')} />;
  const columns: Column<QuarantinedMail>[] = [
    {
      key: 'subject',
      title: t('mail.subject'),
      width: 'minmax(140px, 2fr)',
      cell: (row) => row.subject ?? t('mail.no_subject'),
    },
    { key: 'from', title: t('mail.from'), width: 'minmax(120px, 1.2fr)', cell: (row) => row.from },
    { key: 'to', title: t('mail.to'), width: 'minmax(120px, 1.2fr)', minor: true, cell: (row) => row.to },
    {
      key: 'reason',
      title: t('mail.reason'),
      width: 'minmax(120px, 1.2fr)',
      minor: true,
      cell: (row) => row.reason,
    },
    {
      key: 'at',
      title: t('mail.at'),
      width: '120px',
      end: true,
      minor: true,
      cell: (row) => f.moment(row.at),
    },
  ];
  return (
    <Table
      label={t('mail.show.quarantine')}
      rows={asked.data.items}
      id={(row) => row.id}
      columns={columns}
      onOpen={() => {}}
    />
  );
}
