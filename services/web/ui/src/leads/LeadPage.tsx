import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useParams } from '@tanstack/react-router';
import { PencilLine, Target } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, Problem } from '../api/client';
import type { Lead, LeadEvent, LeadMove, LeadReason } from '../api/types';
import { useFormat } from '../app/format';
import { queries, useCan } from '../app/queries';
import { Empty, Failed, Page, Section, Waiting } from '../parts/Page';
import { say } from '../parts/say';
import { ByRules } from './ByRules';
import { keep } from './keep';
import { Due, LeadTag } from './LeadTag';
import c from './leads.module.css';
import { Step } from './Step';

/** One lead of ours: what it says, who has it, what can be done, what became of it. */
export function LeadPage() {
  const { t } = useTranslation();
  const { lead: id } = useParams({ from: '/shell/leads/$lead' });
  const asked = useQuery({ queryKey: ['lead', id], queryFn: () => api.read(`/leads/${id}`) });
  if (asked.error instanceof Problem && asked.error.status === 404)
    return <Empty icon={Target} title={t('lost.title')} text={t('lost.text')} />;
  if (asked.isError && !asked.data) return <Failed fault={asked.error} retry={() => void asked.refetch()} />;
  if (!asked.data)
    return (
      <Page title={t('nav.leads')}>
        <Waiting rows={8} />
      </Page>
    );
  return <Shown it={asked.data} />;
}

function Shown({ it }: { it: Lead }) {
  const { t } = useTranslation();
  const can = useCan();
  const navigate = useNavigate();
  return (
    <Page
      wide
      title={it.company}
      lead={t(`lead.means.${it.state}`, { partner: it.holder?.partner.name ?? '' })}
      tools={
        <>
          <LeadTag state={it.state} />
          <Due state={it.holder?.state} at={it.holder?.due_at} />
        </>
      }
      actions={
        can('lead.write') &&
        it.state !== 'converted' && (
          <Button
            variant="default"
            leftSection={<PencilLine size={15} aria-hidden />}
            onClick={() => void navigate({ to: '/leads/new', search: { edit: it.id } })}
          >
            {t('lead.change')}
          </Button>
        )
      }
    >
      <div className={c.split}>
        <div className={c.main}>
          {it.deal && (
            <p className={c.means}>
              <Link to="/deals/$deal" params={{ deal: it.deal }}>
                {t('lead.to_deal')}
              </Link>
            </p>
          )}
          <Moves key={`${it.state}-${it.revision}`} it={it} />
          {it.state === 'qualified' && can('lead.hand') && <ByRules it={it} />}
          <Known it={it} />
          <Facts it={it} />
        </div>
        <div className={c.rail}>
          <Section title={t('lead.score_of', { points: it.score })}>
            <ul className={c.list}>
              {it.score_rules.map((one) => (
                <li key={one.rule}>
                  {t(`lead.rule.${one.rule}`)} <small>{`+${one.points}`}</small>
                </li>
              ))}
            </ul>
          </Section>
          <Section title={t('lead.timeline')}>
            <ol className={c.list} aria-label={t('lead.timeline')}>
              {(it.events ?? []).map((event) => (
                <Event key={event.at + event.move} event={event} />
              ))}
            </ol>
            {it.events?.length === 0 && <p className={c.means}>{t('lead.nothing_yet')}</p>}
          </Section>
        </div>
      </div>
    </Page>
  );
}

const ASKS: LeadMove[] = ['disqualify', 'offer', 'withdraw'];
const SOFT: LeadMove[] = ['disqualify', 'withdraw', 'reopen'];

function Moves({ it }: { it: Lead }) {
  const { t } = useTranslation();
  const can = useCan();
  const [chosen, setChosen] = useState<LeadMove>();
  const partners = useQuery({
    queryKey: ['partnerships'],
    queryFn: () => api.read('/partnerships'),
    enabled: chosen === 'offer',
  });
  if (!can('lead.hand') || it.moves.length === 0) return null;
  const post = async (move: LeadMove, said: { reason?: LeadReason; words?: string }) =>
    keep(await api.post(`/leads/${it.id}/moves`, { move, revision: it.revision, ...said }));
  const make = async (move: LeadMove) => {
    if (ASKS.includes(move)) return setChosen(move);
    try {
      await post(move, {});
    } catch (fault) {
      say.problem(fault);
      void queries.invalidateQueries({ queryKey: ['lead', it.id] });
    }
  };
  const live = (partners.data?.items ?? []).filter((one) => one.state === 'active' && one.partner.id);
  return (
    <>
      <div className={c.moves} role="group" aria-label={t('lead.moves')}>
        {it.moves.map((move) => (
          <Button
            key={move}
            variant={SOFT.includes(move) ? 'default' : 'filled'}
            aria-expanded={ASKS.includes(move) ? chosen === move : undefined}
            onClick={() => void make(move)}
          >
            {t(`lead.do.${move}`)}
          </Button>
        ))}
      </div>
      {chosen && (chosen !== 'offer' || partners.data) && (
        <Step
          key={chosen}
          move={chosen}
          partners={
            chosen === 'offer'
              ? live.map((one) => ({ value: one.partner.id!, label: one.partner.name ?? one.partner.id! }))
              : undefined
          }
          onClose={() => setChosen(undefined)}
          send={async ({ partner, reason, words }) => {
            if (chosen === 'offer')
              keep(await api.post(`/leads/${it.id}/offers`, { organisation: partner!, revision: it.revision, words }));
            else await post(chosen, { reason, words });
          }}
        />
      )}
    </>
  );
}

/** What else is known of the same company. */
function Known({ it }: { it: Lead }) {
  const { t } = useTranslation();
  const [accounts, twins] = [it.known_as ?? [], it.twins ?? []];
  if (accounts.length + twins.length === 0) return null;
  return (
    <Section title={t('lead.known')}>
      <ul className={c.list}>
        {accounts.map((one) => (
          <li key={one.id}>
            <Link to="/accounts" search={{ open: one.id }}>
              {t('lead.known_account', { name: one.name })}
            </Link>
          </li>
        ))}
        {twins.map((one) => (
          <li key={one.id}>
            <Link to="/leads/$lead" params={{ lead: one.id }}>
              {t('lead.known_lead', { name: one.company })}
            </Link>
            <LeadTag state={one.state} />
          </li>
        ))}
      </ul>
    </Section>
  );
}

function Facts({ it }: { it: Lead }) {
  const { t } = useTranslation();
  const f = useFormat();
  const rows: [string, string | null | undefined][] = [
    [t('field.domain'), it.domain],
    [t('lead.contact'), it.contact_name],
    [t('field.email'), it.contact_email],
    [t('field.phone'), it.contact_phone],
    [t('lead.consent'), t(`lead.consent.${it.consent}`)],
    [t('field.city'), it.city],
    [t('lead.region'), it.region],
    [t('field.country'), it.country && f.country(it.country)],
    [t('lead.family'), it.family],
    [t('lead.amount'), it.amount_minor && it.currency ? f.money(it.amount_minor, it.currency) : undefined],
    [t('lead.source'), t(`lead.source.${it.source}`)],
    [t('lead.campaign'), it.campaign],
    [t('lead.note'), it.note],
  ];
  return (
    <Section title={t('lead.says')}>
      <dl className={c.facts}>
        {rows
          .filter(([, value]) => value)
          .map(([name, value]) => [<dt key={name}>{name}</dt>, <dd key={`${name}=`}>{value}</dd>])}
      </dl>
    </Section>
  );
}

function Event({ event }: { event: LeadEvent }) {
  const { t } = useTranslation();
  const f = useFormat();
  const partner = event.partner ?? '';
  const by = event.side === 'clock' ? t(event.move === 'offer' ? 'lead.by_the_rules' : 'lead.by_clock') : [event.person, event.side === 'partner' && partner];
  return (
    <li>
      <strong>{t(`lead.did.${event.move}`, { partner })}</strong>
      {event.reason && <span>{t(`lead.reason.${event.reason}`)}</span>}
      {event.words && <q>{event.words}</q>}
      {event.due_at && <span>{t('lead.until', { when: f.moment(event.due_at) })}</span>}
      <small>
        {typeof by === 'string' ? by : by.filter(Boolean).join(', ')}
        {' · '}
        <time dateTime={event.at}>{f.precise(event.at)}</time>
      </small>
    </li>
  );
}
