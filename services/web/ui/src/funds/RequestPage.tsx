import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useParams } from '@tanstack/react-router';
import { HandCoins, PencilLine } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { api, Problem } from '../api/client';
import type { FundEvent, FundRequest } from '../api/types';
import { useFormat } from '../app/format';
import { useCan } from '../app/queries';
import { Empty, Failed, Page, Section, Waiting } from '../parts/Page';
import { Claim, NewClaim } from './Claims';
import { Moves } from './Moves';
import { RequestTag } from './tags';
import c from './funds.module.css';

/** One request: what is asked, how far it is, its claims with their proofs, its timeline. */
export function RequestPage() {
  const { t } = useTranslation();
  const { request: id } = useParams({ from: '/shell/fund-requests/$request' });
  const asked = useQuery({ queryKey: ['fund-request', id], queryFn: () => api.read(`/fund-requests/${id}`) });
  if (asked.error instanceof Problem && asked.error.status === 404)
    return <Empty icon={HandCoins} title={t('lost.title')} text={t('lost.text')} />;
  if (asked.isError && !asked.data) return <Failed fault={asked.error} retry={() => void asked.refetch()} />;
  if (!asked.data)
    return (
      <Page title={t('nav.funds')}>
        <Waiting rows={8} />
      </Page>
    );
  return <Shown it={asked.data} />;
}

function Shown({ it }: { it: FundRequest }) {
  const { t } = useTranslation();
  const can = useCan();
  const navigate = useNavigate();
  const claims = it.claims ?? [];
  const other = it.side === 'vendor' ? it.partner.name : it.vendor.name;
  return (
    <Page
      wide
      title={it.title}
      lead={t(`fund.${it.side}_lead`, { other, fund: it.fund_name })}
      tools={<RequestTag state={it.state} />}
      actions={
        it.writable &&
        can('fund.claim') && (
          <Button
            variant="default"
            leftSection={<PencilLine size={15} aria-hidden />}
            onClick={() =>
              void navigate({
                to: '/funds/ask/$allocation',
                params: { allocation: it.allocation },
                search: { edit: it.id },
              })
            }
          >
            {t('fund.write')}
          </Button>
        )
      }
    >
      <div className={c.split}>
        <div className={c.main}>
          <Moves key={`${it.state}-${it.revision}`} it={it} />
          <Facts it={it} />
          {claims.map((claim) => (
            <Claim key={claim.id} claim={claim} it={it} />
          ))}
          {it.claimable && can('fund.claim') && <NewClaim it={it} />}
        </div>
        <div className={c.rail}>
          <Section title={t('fund.timeline')}>
            <ol className={c.list} aria-label={t('fund.timeline')}>
              {(it.events ?? []).map((event) => (
                <Event key={event.seq} event={event} it={it} />
              ))}
            </ol>
            {it.events?.length === 0 && <p className={c.dim}>{t('fund.nothing_yet')}</p>}
          </Section>
        </div>
      </div>
    </Page>
  );
}

function Facts({ it }: { it: FundRequest }) {
  const { t } = useTranslation();
  const f = useFormat();
  const money = (minor?: number | null) => (minor ? f.money(minor, it.currency) : undefined);
  const rows: [string, string | undefined][] = [
    [t('fund.kind'), t(`fund.kind.${it.kind}`)],
    [t('fund.period'), `${f.date(it.starts_on)} – ${f.date(it.ends_on)}`],
    [t('fund.cost'), money(it.cost_minor)],
    [t('fund.asked'), money(it.asked_minor)],
    [t('fund.approved'), money(it.approved_minor)],
    [t('fund.rest'), it.state === 'approved' ? money(it.rest_minor) : undefined],
    [t('fund.use_by'), it.use_by && it.state === 'approved' ? f.date(it.use_by) : undefined],
    [t('fund.note'), it.note],
  ];
  return (
    <Section title={t('fund.says')}>
      <dl className={c.facts}>
        {rows
          .filter(([, value]) => value)
          .map(([name, value]) => [<dt key={name}>{name}</dt>, <dd key={`${name}=`}>{value}</dd>])}
      </dl>
    </Section>
  );
}

function Event({ event, it }: { event: FundEvent; it: FundRequest }) {
  const { t } = useTranslation();
  const f = useFormat();
  const company = event.side === 'vendor' ? it.vendor.name : it.partner.name;
  return (
    <li>
      <strong>{t(event.claim ? `fund.claim_did.${event.move}` : `fund.did.${event.move}`)}</strong>
      {!!event.minor && <span className={c.sum}>{f.money(event.minor, it.currency)}</span>}
      {event.words && <q>{event.words}</q>}
      <small>
        {event.side === 'clock' ? t('fund.by_clock') : `${event.person ?? ''}, ${company}`}
        {' · '}
        <time dateTime={event.at}>{f.precise(event.at)}</time>
      </small>
    </li>
  );
}
