import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useParams } from '@tanstack/react-router';
import { Target } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, Problem } from '../api/client';
import type { LeadMove, LeadOffer, LeadReason } from '../api/types';
import { useFormat } from '../app/format';
import { queries, useCan } from '../app/queries';
import { Empty, Failed, Page, Section, Waiting } from '../parts/Page';
import { say } from '../parts/say';
import { Due, LeadTag } from './LeadTag';
import c from './leads.module.css';
import { Step } from './Step';

/** A lead that a partner offers us: what it shows, until when, and what we say to it. */
export function OfferPage() {
  const { t } = useTranslation();
  const { offer: id } = useParams({ from: '/shell/leads/offers/$offer' });
  const asked = useQuery({
    queryKey: ['lead-offer', id],
    queryFn: () => api.read(`/lead-offers/${id}`),
    refetchInterval: 60_000,
  });
  if (asked.error instanceof Problem && asked.error.status === 404)
    return <Empty icon={Target} title={t('lead.gone')} text={t('lead.gone_text')} />;
  if (asked.isError && !asked.data) return <Failed fault={asked.error} retry={() => void asked.refetch()} />;
  if (!asked.data)
    return (
      <Page title={t('nav.leads')}>
        <Waiting rows={6} />
      </Page>
    );
  return <Shown it={asked.data} />;
}

function Shown({ it }: { it: LeadOffer }) {
  const { t } = useTranslation();
  return (
    <Page
      title={it.company ?? t('lead.from', { vendor: it.vendor.name })}
      lead={t(`lead.offer_means.${it.state === 'accepted' || it.state === 'converted' ? it.state : 'offered'}`, {
        vendor: it.vendor.name,
      })}
      tools={
        <>
          <LeadTag state={it.state} />
          <Due state={it.state} at={it.due_at} />
        </>
      }
    >
      <div className={c.main}>
        {it.deal && (
          <p className={c.means}>
            <Link to="/deals/$deal" params={{ deal: it.deal }}>
              {t('lead.to_deal')}
            </Link>
          </p>
        )}
        {it.words && <q className={c.means}>{it.words}</q>}
        <Moves key={`${it.state}-${it.revision}`} it={it} />
        <Facts it={it} />
      </div>
    </Page>
  );
}

function Moves({ it }: { it: LeadOffer }) {
  const { t } = useTranslation();
  const can = useCan();
  const navigate = useNavigate();
  const [chosen, setChosen] = useState<LeadMove>();
  if (!can('lead.answer') || it.moves.length === 0) return null;
  const post = async (move: LeadMove, said: { reason?: LeadReason; words?: string }) => {
    const { offer } = await api.post(`/lead-offers/${it.id}/moves`, { move, revision: it.revision, ...said });
    void queries.invalidateQueries({ queryKey: ['leads'] });
    if (offer) return void queries.setQueryData(['lead-offer', it.id], offer);
    await navigate({ to: '/leads', search: { of: 'partners' } });
    say.done(t('lead.given_back', { vendor: it.vendor.name }));
  };
  const make = async (move: LeadMove) => {
    if (move !== 'accept') return setChosen(move);
    try {
      await post(move, {});
    } catch (fault) {
      say.problem(fault);
      void queries.invalidateQueries({ queryKey: ['lead-offer', it.id] });
    }
  };
  return (
    <>
      <div className={c.moves} data-thumb role="group" aria-label={t('lead.moves')}>
        {it.moves.map((move) => (
          <Button
            key={move}
            size="md"
            variant={move === 'accept' ? 'filled' : 'default'}
            aria-expanded={move === 'accept' ? undefined : chosen === move}
            onClick={() => void make(move)}
          >
            {t(`lead.do.${move}`)}
          </Button>
        ))}
      </div>
      {chosen && <Step move={chosen} onClose={() => setChosen(undefined)} send={(said) => post(chosen, { reason: said.reason, words: said.words })} />}
    </>
  );
}

function Facts({ it }: { it: LeadOffer }) {
  const { t } = useTranslation();
  const f = useFormat();
  const rows: [string, string | false | null | undefined][] = [
    [t('field.country'), it.country && f.country(it.country)],
    [t('lead.region'), it.region],
    [t('field.city'), it.city],
    [t('lead.family'), it.family],
    [t('lead.size'), it.size && !it.amount && t(`lead.size.${it.size}`)],
    [t('lead.amount'), it.amount && f.money(it.amount.minor, it.amount.currency)],
    [t('field.domain'), it.domain],
    [t('lead.contact'), it.contact?.name],
    [t('field.email'), it.contact?.email],
    [t('field.phone'), it.contact?.phone],
    [t('lead.consent'), it.contact && t(`lead.consent.${it.contact.consent}`)],
    [t('lead.source'), it.source && t(`lead.source.${it.source}`)],
    [t('lead.campaign'), it.campaign],
    [t('lead.note'), it.note],
  ];
  return (
    <Section title={t('lead.shown')}>
      <dl className={c.facts}>
        {rows
          .filter(([, value]) => value)
          .map(([name, value]) => [<dt key={name}>{name}</dt>, <dd key={`${name}=`}>{value}</dd>])}
      </dl>
      {it.state === 'offered' && <p className={c.means}>{t('lead.more_later')}</p>}
    </Section>
  );
}
