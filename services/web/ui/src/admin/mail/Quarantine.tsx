import { Button, Group, Modal, Stack } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { ShieldCheck } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '../../api/client';
import type { MailVerdict, QuarantinedMail } from '../../api/types';
import { useFormat } from '../../app/format';
import { queries } from '../../app/queries';
import { Empty, Failed, Waiting } from '../../parts/Page';
import { say } from '../../parts/say';
import { Table, type Column } from '../../parts/Table';
import { Tag, type Tone } from '../../parts/Tag';
import c from '../admin.module.css';

const TONES: Record<MailVerdict, Tone> = { pass: 'ok', fail: 'problem', none: 'plain', unknown: 'plain' };
const CHECKS = ['dmarc', 'dkim', 'spf'] as const;

/** Mails that came in and wait for a person. */
export function Quarantine() {
  const { t } = useTranslation();
  const f = useFormat();
  const [open, setOpen] = useState<QuarantinedMail>();
  const asked = useQuery({ queryKey: ['quarantine'], queryFn: () => api.read('/mail/quarantine') });
  if (asked.isError) return <Failed fault={asked.error} retry={() => void asked.refetch()} />;
  if (!asked.data) return <Waiting rows={8} />;
  if (asked.data.items.length === 0)
    return <Empty icon={ShieldCheck} title={t('mail.clean')} text={t('mail.clean_text')} />;
  const columns: Column<QuarantinedMail>[] = [
    {
      key: 'subject',
      title: t('mail.subject'),
      width: 'minmax(140px, 2fr)',
      cell: (row) => row.subject || t('mail.no_subject'),
    },
    { key: 'from', title: t('mail.from'), width: 'minmax(120px, 1.2fr)', cell: (row) => row.from },
    {
      key: 'reason',
      title: t('mail.reason'),
      width: 'minmax(120px, 2fr)',
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
    <>
      <Table
        label={t('mail.show.quarantine')}
        rows={asked.data.items}
        id={(row) => row.id}
        columns={columns}
        open={open?.id}
        onOpen={setOpen}
      />
      {open && <Opened mail={open} onClose={() => setOpen(undefined)} />}
    </>
  );
}

function Opened({ mail, onClose }: { mail: QuarantinedMail; onClose: () => void }) {
  const { t } = useTranslation();
  const f = useFormat();
  const [busy, setBusy] = useState(false);
  const asked = useQuery({
    queryKey: ['quarantine', mail.id],
    queryFn: () => api.read(`/mail/quarantine/${mail.id}`),
  });
  const settle = async (how: 'release' | 'discard') => {
    setBusy(true);
    try {
      await (how === 'release'
        ? api.post(`/mail/quarantine/${mail.id}/release`)
        : api.post(`/mail/quarantine/${mail.id}/discard`));
      say.done(t(how === 'release' ? 'mail.released' : 'mail.discarded'));
      onClose();
    } catch (fault) {
      say.problem(fault);
    }
    setBusy(false);
    await queries.invalidateQueries({ queryKey: ['quarantine'] });
  };
  return (
    <Modal
      opened
      size="lg"
      onClose={onClose}
      title={mail.subject || t('mail.no_subject')}
      closeButtonProps={{ 'aria-label': t('do.close') }}
    >
      <Stack gap="sm">
        <p className={c.lead}>
          {t('mail.from')} <b>{mail.from}</b> · {f.moment(mail.at)}
          <br />
          {mail.reason}
        </p>
        <div>
          <b>{t('mail.checks')}</b>
          {CHECKS.map((check) => (
            <Group key={check} justify="space-between" wrap="nowrap" gap="sm">
              <span>{t(`mail.check.${check}`)}</span>
              <Tag tone={TONES[mail.checks[check]]}>{t(`mail.verdict.${mail.checks[check]}`)}</Tag>
            </Group>
          ))}
        </div>
        <div>
          <b>{t('mail.new_words')}</b>
          {asked.isError && <Failed fault={asked.error} retry={() => void asked.refetch()} />}
          {asked.data && <p className={c.detail}>{asked.data.text || t('mail.no_words')}</p>}
        </div>
        {asked.data && asked.data.files.length > 0 && (
          <div>
            <b>{t('mail.attached')}</b>
            {asked.data.files.map((it, at) => (
              <div key={at} className={c.lead}>
                {it.name} · {f.number(Math.ceil(it.bytes / 1024))} KiB
              </div>
            ))}
          </div>
        )}
        <Group justify="flex-end" gap="xs">
          <Button component="a" variant="subtle" href={`/api/v1/mail/quarantine/${mail.id}/raw`} download>
            {t('mail.original')}
          </Button>
          <Button variant="default" disabled={busy} onClick={() => void settle('discard')}>
            {t('mail.discard')}
          </Button>
          <Button disabled={busy || !asked.data?.text} onClick={() => void settle('release')}>
            {t('mail.release')}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
