import { Button, Group, Modal, Stack, TextInput } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { MailCheck, Plus } from 'lucide-react';
import { useState, type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { api, Problem } from '../../api/client';
import type { Suppressed as Entry } from '../../api/types';
import { useFormat } from '../../app/format';
import { queries } from '../../app/queries';
import { Empty, Failed, Waiting } from '../../parts/Page';
import { say } from '../../parts/say';
import { Table, type Column } from '../../parts/Table';

const fresh = () => queries.invalidateQueries({ queryKey: ['suppressed'] });

/** Addresses that get no more mail from the organisation. */
export function Suppressed() {
  const { t } = useTranslation();
  const f = useFormat();
  const [adding, { open, close }] = useDisclosure();
  const asked = useQuery({ queryKey: ['suppressed'], queryFn: () => api.read('/mail/suppressed') });
  if (asked.isError) return <Failed fault={asked.error} retry={() => void asked.refetch()} />;
  if (!asked.data) return <Waiting rows={8} />;
  const columns: Column<Entry>[] = [
    { key: 'email', title: t('mail.address'), width: 'minmax(140px, 1.5fr)', cell: (row) => row.email },
    {
      key: 'reason',
      title: t('mail.reason'),
      width: 'minmax(110px, 1fr)',
      minor: true,
      cell: (row) => t(`mail.reason.${row.reason}`),
    },
    { key: 'detail', title: '', width: 'minmax(80px, 1.5fr)', minor: true, cell: (row) => row.detail },
    { key: 'at', title: t('mail.at'), width: '120px', minor: true, end: true, cell: (row) => f.moment(row.at) },
    { key: 'do', title: '', width: '150px', end: true, cell: (row) => <Allow entry={row} /> },
  ];
  return (
    <>
      <Group justify="flex-end" mb="xs">
        <Button size="xs" variant="default" leftSection={<Plus size={14} aria-hidden />} onClick={open}>
          {t('mail.suppress')}
        </Button>
      </Group>
      {asked.data.items.length === 0 ? (
        <Empty icon={MailCheck} title={t('mail.suppressed_none')} text={t('mail.suppressed_none_text')} />
      ) : (
        <Table
          label={t('mail.show.suppressed')}
          rows={asked.data.items}
          id={(row) => row.id}
          columns={columns}
          onOpen={() => {}}
        />
      )}
      {adding && <Add onClose={close} />}
    </>
  );
}

function Allow({ entry }: { entry: Entry }) {
  const { t } = useTranslation();
  const allow = async () => {
    try {
      await api.drop(`/mail/suppressed/${entry.id}`);
      say.done(t('mail.unsuppressed', { email: entry.email }));
    } catch (fault) {
      say.problem(fault);
    }
    await fresh();
  };
  return (
    <Button size="compact-xs" variant="subtle" onClick={() => void allow()}>
      {t('mail.unsuppress')}
    </Button>
  );
}

function Add({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const [email, setEmail] = useState('');
  const [detail, setDetail] = useState('');
  const [problem, setProblem] = useState('');
  const add = async (event: FormEvent) => {
    event.preventDefault();
    try {
      const entry = await api.post('/mail/suppressed', { email, detail });
      say.done(t('mail.suppressed_done', { email: entry.email }));
      await fresh();
      onClose();
    } catch (fault) {
      setProblem(fault instanceof Problem ? fault.detail : String(fault));
    }
  };
  return (
    <Modal opened onClose={onClose} title={t('mail.suppress_title')} closeButtonProps={{ 'aria-label': t('do.close') }}>
      <form onSubmit={(event) => void add(event)}>
        <Stack gap="sm">
          <TextInput
            data-autofocus
            required
            type="email"
            label={t('mail.address')}
            value={email}
            error={problem}
            onChange={(event) => setEmail(event.currentTarget.value)}
          />
          <TextInput
            label={t('mail.suppress_detail')}
            maxLength={300}
            value={detail}
            onChange={(event) => setDetail(event.currentTarget.value)}
          />
          <Group justify="flex-end">
            <Button type="submit">{t('mail.suppress')}</Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
