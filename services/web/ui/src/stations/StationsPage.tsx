import { Anchor, Button, SegmentedControl, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { Plus, RadioTower } from 'lucide-react';
import { useEffect, useRef, useState, type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { api, Problem } from '../api/client';
import { queries, useCan } from '../app/queries';
import { Empty, Failed, Page, Waiting } from '../parts/Page';
import { Lane } from './Lane';
import { Files, Mailboxes } from './Mailboxes';
import { MailboxWizard } from './MailboxWizard';
import { MailedFiles, MailPartners } from './Mailing';
import { MailWizard } from './MailWizard';
import { Messages } from './Messages';
import { PartnerWizard } from './PartnerWizard';
import { Partners } from './Partners';
import { Station } from './Station';
import c from './stations.module.css';

const NAMES = ['partners', 'messages', 'station', 'lane', 'sftp', 'files', 'mail', 'mailed'] as const;
type View = (typeof NAMES)[number];
type Way = 'as2' | 'sftp' | 'mail';
const ADD: Record<Way, string> = { as2: 'as2.add_partner', sftp: 'sftp.add', mail: 'mailing.add' };

/** The ways to partners: the AS2 station with its partners, messages and keys, mailboxes by SFTP, and partners by e-mail. */
export function StationsPage() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const can = useCan();
  const view: View = useSearch({ from: '/shell/edi/as2' }).view ?? 'partners';
  const [adding, setAdding] = useState<Way>();
  const ways = useRef<HTMLDivElement>(null);
  // On a phone not all of them fit: the one that is shown is brought into view.
  useEffect(() => {
    const shown = ways.current?.querySelector('label[data-active]');
    shown?.scrollIntoView({ block: 'nearest', inline: 'center' });
  }, [view]);
  const way: Way =
    view === 'sftp' || view === 'files' ? 'sftp' : view === 'mail' || view === 'mailed' ? 'mail' : 'as2';
  const asked = useQuery({ queryKey: ['as2', 'station'], queryFn: () => api.read('/as2/station') });
  const station = asked.data?.name ? asked.data : undefined;
  return (
    <Page
      wide
      title={t('as2.title')}
      lead={
        <Anchor component={Link} to="/edi" size="sm">
          {t('as2.back')}
        </Anchor>
      }
      tools={
        <div ref={ways} className={c.allWays}>
          <SegmentedControl
            className={c.ways}
            size="xs"
            aria-label={t('as2.which')}
            value={view}
            data={NAMES.map((value) => ({ value, label: t(`as2.show.${value}`) }))}
            onChange={(next) => {
              const other = NAMES.find((name) => name === next && name !== 'partners');
              void navigate({ to: '/edi/as2', search: { view: other as Exclude<View, 'partners'> | undefined } });
            }}
          />
        </div>
      }
      actions={
        (station || way !== 'as2') &&
        view !== 'lane' &&
        can('as2.manage') && (
          <Button
            leftSection={<Plus size={15} aria-hidden />}
            onClick={() => setAdding(way)}
          >
            {t(ADD[way])}
          </Button>
        )
      }
    >
      {view === 'sftp' ? (
        <Mailboxes onAdd={() => setAdding('sftp')} />
      ) : view === 'files' ? (
        <Files />
      ) : view === 'mail' ? (
        <MailPartners onAdd={() => setAdding('mail')} />
      ) : view === 'mailed' ? (
        <MailedFiles />
      ) : asked.isError ? (
        <Failed fault={asked.error} retry={() => void asked.refetch()} />
      ) : !asked.data ? (
        <Waiting rows={6} />
      ) : !station ? (
        <Empty
          icon={RadioTower}
          title={t('as2.none')}
          text={t('as2.none_text')}
          action={can('as2.manage') && <Naming />}
        />
      ) : view === 'station' ? (
        <Station station={station} />
      ) : view === 'lane' ? (
        <Lane />
      ) : view === 'messages' ? (
        <Messages />
      ) : (
        <Partners onAdd={() => setAdding('as2')} />
      )}
      {adding === 'as2' && (
        <PartnerWizard
          onClose={() => setAdding(undefined)}
          onSftp={() => setAdding('sftp')}
          onMail={() => setAdding('mail')}
        />
      )}
      {adding === 'sftp' && <MailboxWizard onClose={() => setAdding(undefined)} />}
      {adding === 'mail' && <MailWizard onClose={() => setAdding(undefined)} />}
    </Page>
  );
}

/** The first step: a name, by which partners know the station. */
function Naming() {
  const { t } = useTranslation();
  const [problem, setProblem] = useState('');
  const name = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const told = String(new FormData(event.currentTarget).get('name') ?? '');
    try {
      queries.setQueryData(['as2', 'station'], await api.put('/as2/station', { name: told }));
    } catch (fault) {
      setProblem(fault instanceof Problem ? fault.detail : String(fault));
    }
  };
  return (
    <form className={c.naming} onSubmit={(event) => void name(event)}>
      <TextInput
        name="name"
        required
        withAsterisk={false}
        maxLength={128}
        label={t('as2.name')}
        placeholder="ACME-EDI"
        error={problem}
      />
      <Button type="submit">{t('as2.begin')}</Button>
    </form>
  );
}
