import { Button, Group } from '@mantine/core';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { ArrowDownLeft, ArrowUpRight, Mail, Pencil, Plus, RefreshCw, Unplug } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '../api/client';
import type { MailFile, MailPartner } from '../api/types';
import { useFormat } from '../app/format';
import { useCan } from '../app/queries';
import { Empty, Failed, SidePanel, Waiting } from '../parts/Page';
import { say } from '../parts/say';
import { Table, type Column } from '../parts/Table';
import { Tag, type Tone } from '../parts/Tag';
import { CopyIt } from './MailboxFacts';
import { MailWizard } from './MailWizard';
import { FirstName, NamesOf } from './Names';
import { fresh } from './ours';
import { Trial } from './Trial';
import c from './stations.module.css';

/** Partners by e-mail, and one of them beside the list. */
export function MailPartners({ onAdd }: { onAdd: () => void }) {
  const { t } = useTranslation();
  const f = useFormat();
  const can = useCan();
  const [open, setOpen] = useState<string>();
  const asked = useQuery({ queryKey: ['as2', 'mail'], queryFn: () => api.read('/mailing/partners') });
  if (asked.isError) return <Failed fault={asked.error} retry={() => void asked.refetch()} />;
  if (!asked.data) return <Waiting rows={6} />;
  const rows = asked.data.items;
  if (rows.length === 0)
    return (
      <Empty
        icon={Mail}
        title={t('mailing.none')}
        text={t('mailing.none_text')}
        action={
          can('as2.manage') && (
            <Button variant="default" leftSection={<Plus size={15} aria-hidden />} onClick={onAdd}>
              {t('mailing.add')}
            </Button>
          )
        }
      />
    );
  const columns: Column<MailPartner>[] = [
    { key: 'name', title: t('sftp.name'), width: 'minmax(130px, 1.2fr)', cell: (row) => row.name },
    {
      key: 'identifier',
      title: t('as2.identifier'),
      width: 'minmax(110px, 1fr)',
      minor: true,
      cell: (row) => <FirstName first={row.identifier} further={row.further} />,
    },
    {
      key: 'address',
      title: t('mailing.address'),
      width: 'minmax(140px, 1.4fr)',
      minor: true,
      cell: (row) => row.address,
    },
    {
      key: 'seen',
      title: t('sftp.seen'),
      width: '170px',
      cell: (row) => (row.seen_at ? f.moment(row.seen_at) : <Tag tone="wait">{t('sftp.never')}</Tag>),
    },
  ];
  const shown = rows.find((row) => row.id === open);
  return (
    <div className={c.split}>
      <Table
        label={t('as2.show.mail')}
        rows={rows}
        id={(row) => row.id}
        columns={columns}
        open={open}
        onOpen={(row) => setOpen(row.id)}
      />
      {shown && <Partner key={shown.id} partner={shown} onClose={() => setOpen(undefined)} />}
    </div>
  );
}

/** What a partner has to be told, and what was agreed. */
export function MailFacts({ partner }: { partner: MailPartner }) {
  const { t } = useTranslation();
  const f = useFormat();
  return (
    <dl className={c.facts}>
      <div className={c.fact}>
        <dt>{t('as2.identifier')}</dt>
        <dd>
          <NamesOf first={partner.identifier} further={partner.further} />
        </dd>
      </div>
      <div className={c.fact}>
        <dt>{t('mailing.fact_ours')}</dt>
        <dd>
          <code>{partner.ours}</code> <CopyIt value={partner.ours} />
        </dd>
      </div>
      <div className={c.fact}>
        <dt>{t('mailing.address')}</dt>
        <dd>
          <code>{partner.address}</code>
        </dd>
      </div>
      {partner.senders.length > 0 && (
        <div className={c.fact}>
          <dt>{t('mailing.fact_senders')}</dt>
          <dd>
            <code>{partner.senders.join(' ')}</code>
          </dd>
        </div>
      )}
      <div className={c.fact}>
        <dt>{t('mailing.fact_proof')}</dt>
        <dd>{t(partner.must_prove ? 'mailing.must_prove_yes' : 'mailing.must_prove_no')}</dd>
      </div>
      <div className={c.fact}>
        <dt>{t('sftp.seen')}</dt>
        <dd>{partner.seen_at ? f.moment(partner.seen_at) : t('sftp.never')}</dd>
      </div>
    </dl>
  );
}

function Partner({ partner, onClose }: { partner: MailPartner; onClose: () => void }) {
  const { t } = useTranslation();
  const can = useCan();
  const [editing, setEditing] = useState(false);
  const [sure, setSure] = useState<'leave' | 'address'>();
  const act = async (what: () => Promise<unknown>, told: string) => {
    try {
      await what();
      say.done(told);
    } catch (fault) {
      say.problem(fault);
    }
    setSure(undefined);
    await fresh();
  };
  const leave = async () => {
    await act(() => api.drop(`/mailing/partners/${partner.id}`), t('as2.left', { name: partner.name }));
    onClose();
  };
  const readdress = () =>
    act(
      () => api.post(`/mailing/partners/${partner.id}/address`),
      t('mailing.readdressed', { name: partner.name }),
    );
  return (
    <SidePanel title={partner.name} onClose={onClose}>
      <p className={c.lead}>{t('mailing.tell')}</p>
      <MailFacts partner={partner} />
      {can('as2.manage') && (
        <>
          <Trial run={() => api.post(`/mailing/partners/${partner.id}/test`)} words="mailing" />
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
              variant={sure === 'address' ? 'filled' : 'subtle'}
              leftSection={<RefreshCw size={13} aria-hidden />}
              onClick={() => (sure === 'address' ? void readdress() : setSure('address'))}
            >
              {t(sure === 'address' ? 'mailing.readdress_sure' : 'mailing.readdress')}
            </Button>
            <Button
              size="xs"
              variant={sure === 'leave' ? 'filled' : 'subtle'}
              color="red"
              leftSection={<Unplug size={13} aria-hidden />}
              onClick={() => (sure === 'leave' ? void leave() : setSure('leave'))}
            >
              {t(sure === 'leave' ? 'as2.leave_sure' : 'as2.leave')}
            </Button>
          </Group>
        </>
      )}
      {editing && <MailWizard partner={partner} onClose={() => setEditing(false)} />}
    </SidePanel>
  );
}

const TONES: Record<string, Tone> = {
  taken: 'ok',
  held: 'wait',
  refused: 'problem',
  waiting: 'wait',
  delivered: 'ok',
  failed: 'problem',
};

/** What came and went with mails of partners, and what became of it; what waits is decided here. */
export function MailedFiles() {
  const { t } = useTranslation();
  const f = useFormat();
  const navigate = useNavigate();
  const [open, setOpen] = useState<string>();
  const asked = useInfiniteQuery({
    queryKey: ['as2', 'mailed'],
    queryFn: ({ pageParam }) => api.read('/mailing/files', { limit: 100, after: pageParam }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next ?? undefined,
    refetchInterval: 10_000,
  });
  if (asked.isError) return <Failed fault={asked.error} retry={() => void asked.refetch()} />;
  if (!asked.data) return <Waiting rows={8} />;
  const rows = asked.data.pages.flatMap((page) => page.items);
  if (rows.length === 0)
    return <Empty icon={Mail} title={t('mailing.files_none')} text={t('mailing.files_none_text')} />;
  const columns: Column<MailFile>[] = [
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
      cell: (row) => <Tag tone={TONES[row.state]}>{t(`mailing.state.${row.state}`)}</Tag>,
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
  const shown = rows.find((row) => row.id === open);
  return (
    <div className={c.split}>
      <Table
        label={t('as2.show.mailed')}
        rows={rows}
        id={(row) => row.id}
        columns={columns}
        open={open}
        onOpen={(row) => {
          const { interchange } = row;
          if (interchange && row.state !== 'failed')
            void navigate({ to: '/edi/$interchange', params: { interchange } });
          else setOpen(row.id);
        }}
        more={asked.hasNextPage}
        onEnd={() => !asked.isFetchingNextPage && void asked.fetchNextPage()}
      />
      {shown && <Decision key={shown.id} file={shown} onClose={() => setOpen(undefined)} />}
    </div>
  );
}

/** A file that is not simply with the exchange: why, and what can be done. */
function Decision({ file, onClose }: { file: MailFile; onClose: () => void }) {
  const { t } = useTranslation();
  const can = useCan();
  const settle = async (verb: 'release' | 'discard') => {
    try {
      await api.post(`/mailing/files/${file.id}/${verb}`);
      say.done(t(verb === 'release' ? 'mailing.released' : 'mailing.discarded'));
      onClose();
    } catch (fault) {
      say.problem(fault);
    }
    await fresh();
  };
  return (
    <SidePanel title={file.name} onClose={onClose}>
      <Tag tone={TONES[file.state]}>{t(`mailing.state.${file.state}`)}</Tag>
      <dl className={c.facts}>
        {file.sender && (
          <div className={c.fact}>
            <dt>{t('mailing.sender')}</dt>
            <dd>
              <code>{file.sender}</code>
            </dd>
          </div>
        )}
        {file.why && (
          <div className={c.fact}>
            <dt>{t('as2.why')}</dt>
            <dd>{file.why}</dd>
          </div>
        )}
        {file.state !== 'refused' && file.direction === 'in' && (
          <div className={c.fact}>
            <dt>{t('mailing.file')}</dt>
            <dd>
              <a href={`/api/v1/mailing/files/${file.id}`} download>
                {file.name}
              </a>
            </dd>
          </div>
        )}
      </dl>
      {file.state === 'failed' && <p className={c.lead}>{t('mailing.again')}</p>}
      {file.state === 'held' && can('as2.manage') && (
        <Group gap="xs" mt="md">
          <Button size="xs" onClick={() => void settle('release')}>
            {t('mailing.release')}
          </Button>
          <Button size="xs" variant="subtle" color="red" onClick={() => void settle('discard')}>
            {t('mailing.discard')}
          </Button>
        </Group>
      )}
    </SidePanel>
  );
}
