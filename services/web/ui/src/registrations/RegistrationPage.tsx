import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useParams } from '@tanstack/react-router';
import { PencilLine, Stamp } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { api, Problem } from '../api/client';
import type { Registration, RegistrationEvent } from '../api/types';
import { useFormat } from '../app/format';
import { useCan } from '../app/queries';
import { Empty, Failed, Page, Section, Waiting } from '../parts/Page';
import { Conflicts } from './Conflicts';
import { Moves } from './Moves';
import { Clock, RegistrationTag } from './RegistrationTag';
import c from './registrations.module.css';

/** One registration: what it says, how far it is, what can be done; for its vendor, its conflicts. */
export function RegistrationPage() {
  const { t } = useTranslation();
  const { registration: id } = useParams({ from: '/shell/registrations/$registration' });
  const asked = useQuery({
    queryKey: ['registration', id],
    queryFn: () => api.read(`/registrations/${id}`),
    refetchInterval: 60_000,
  });
  if (asked.error instanceof Problem && asked.error.status === 404)
    return <Empty icon={Stamp} title={t('lost.title')} text={t('lost.text')} />;
  if (asked.isError && !asked.data) return <Failed fault={asked.error} retry={() => void asked.refetch()} />;
  if (!asked.data)
    return (
      <Page title={t('nav.registrations')}>
        <Waiting rows={8} />
      </Page>
    );
  return <Shown it={asked.data} />;
}

function Shown({ it }: { it: Registration }) {
  const { t } = useTranslation();
  const can = useCan();
  const navigate = useNavigate();
  const other = it.side === 'vendor' ? it.partner.name : it.vendor.name;
  const writes = it.writable && can('registration.register');
  return (
    <Page
      wide
      title={it.customer || t('registration.unnamed')}
      lead={t(`registration.${it.side}_lead`, { other })}
      tools={
        <>
          <RegistrationTag state={it.state} />
          <Clock of={it} />
        </>
      }
      actions={
        writes && (
          <Button
            leftSection={<PencilLine size={15} aria-hidden />}
            onClick={() => void navigate({ to: '/registrations/new', search: { edit: it.id } })}
          >
            {t('registration.write')}
          </Button>
        )
      }
    >
      <div className={c.split}>
        <div className={c.main}>
          <p className={c.means}>{t(`registration.means.${it.side}_${it.state}`, { other })}</p>
          {it.deal && (
            <p className={c.means}>
              <Link to="/deals/$deal" params={{ deal: it.deal }}>
                {t('registration.to_deal')}
              </Link>
            </p>
          )}
          <Second it={it} />
          <Moves key={`${it.state}-${it.revision}`} it={it} />
          {it.side === 'vendor' && <Conflicts of={it.conflicts ?? []} />}
          <Facts it={it} />
        </div>
        <div className={c.rail}>
          <Section title={t('registration.timeline')}>
            <ol className={c.list} aria-label={t('registration.timeline')}>
              {(it.events ?? []).map((event) => (
                <Event key={event.seq} event={event} it={it} />
              ))}
            </ol>
            {it.events?.length === 0 && <p className={c.means}>{t('registration.nothing_yet')}</p>}
          </Section>
        </div>
      </div>
    </Page>
  );
}

/** For the vendor: that two approve, and who was first. */
function Second({ it }: { it: Registration }) {
  const { t } = useTranslation();
  if (it.side !== 'vendor' || it.state !== 'in_review' || !it.needs_second) return null;
  const first = it.first_approval;
  return (
    <p className={c.means}>
      {!first
        ? t('registration.two_approve')
        : t(first.by_you ? 'registration.first_you' : 'registration.first_somebody', {
            name: first.person ?? '',
            days: first.days ?? 0,
          })}
    </p>
  );
}

function Facts({ it }: { it: Registration }) {
  const { t, i18n } = useTranslation();
  const f = useFormat();
  const month = (text: string) =>
    new Intl.DateTimeFormat(i18n.language, { month: 'long', year: 'numeric', timeZone: 'UTC' }).format(
      new Date(`${text}-01T00:00:00Z`),
    );
  const rows: [string, string | null | undefined][] = [
    [t('registration.customer'), it.customer],
    [t('field.city'), it.city],
    [it.key_scheme ? t(`registration.key.${it.key_scheme}`) : t('registration.key_scheme'), it.key],
    [t('registration.families'), it.families.join(' · ')],
    [t('registration.territories'), it.territories.join(' · ')],
    [
      t('registration.amount'),
      it.amount_minor && it.currency ? f.money(it.amount_minor, it.currency) : undefined,
    ],
    [t('registration.close_month'), it.close_month && month(it.close_month)],
    [t('registration.note'), it.note],
  ];
  return (
    <Section title={t('registration.says')}>
      <dl className={c.facts}>
        {rows
          .filter(([, value]) => value)
          .map(([name, value]) => [<dt key={name}>{name}</dt>, <dd key={`${name}=`}>{value}</dd>])}
      </dl>
    </Section>
  );
}

function Event({ event, it }: { event: RegistrationEvent; it: Registration }) {
  const { t } = useTranslation();
  const f = useFormat();
  const company = event.side === 'vendor' ? it.vendor.name : it.partner.name;
  return (
    <li>
      <strong>{t(`registration.did.${event.move}`)}</strong>
      {event.reason && <span>{t(`registration.reason.${event.reason}`)}</span>}
      {event.words && <q>{event.words}</q>}
      {event.until && (event.move === 'approve' || event.move === 'extend') && (
        <span>{t('registration.until', { date: f.date(event.until) })}</span>
      )}
      {event.days && event.move === 'ask_extension' && (
        <span>{t('registration.days_more', { count: event.days })}</span>
      )}
      <small>
        {event.side === 'clock' ? t('registration.by_clock') : `${event.person ?? ''}, ${company}`}
        {' · '}
        <time dateTime={event.at}>{f.precise(event.at)}</time>
      </small>
    </li>
  );
}
