import { Button, Group, NativeSelect } from '@mantine/core';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { Download, HandCoins } from 'lucide-react';
import { useState, type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { api, Problem } from '../api/client';
import type { Fund, FundPart } from '../api/types';
import { readMinor, useFormat } from '../app/format';
import { queries, useCan, useMe } from '../app/queries';
import { Empty, Failed, Page, Section, Waiting } from '../parts/Page';
import { say, told } from '../parts/say';
import { Bar } from './Bar';
import { Money } from './Money';
import { FundTag } from './tags';
import c from './funds.module.css';

const again = () => {
  for (const key of ['funds', 'fund', 'fund-ledger']) void queries.invalidateQueries({ queryKey: [key] });
};

/** One fund, for its vendor: what it holds, who has what of it, and its ledger. */
export function FundPage() {
  const { t } = useTranslation();
  const { fund: id } = useParams({ from: '/shell/funds/$fund' });
  const asked = useQuery({ queryKey: ['fund', id], queryFn: () => api.read(`/funds/${id}`) });
  if (asked.error instanceof Problem && asked.error.status === 404)
    return <Empty icon={HandCoins} title={t('lost.title')} text={t('lost.text')} />;
  if (asked.isError && !asked.data) return <Failed fault={asked.error} retry={() => void asked.refetch()} />;
  if (!asked.data)
    return (
      <Page title={t('nav.funds')}>
        <Waiting rows={8} />
      </Page>
    );
  return <Shown fund={asked.data} />;
}

function Shown({ fund }: { fund: Fund }) {
  const { t } = useTranslation();
  const f = useFormat();
  const can = useCan();
  const [busy, setBusy] = useState(false);
  const move = async (step: 'open' | 'close') => {
    setBusy(true);
    try {
      await api.post(`/funds/${fund.id}/moves`, { move: step, revision: fund.revision });
    } catch (fault) {
      say.problem(fault);
    }
    setBusy(false);
    again();
  };
  return (
    <Page
      wide
      title={fund.name}
      lead={t('fund.terms', {
        share: f.percent(fund.share_percent * 100),
        from: f.date(fund.starts_on),
        to: f.date(fund.ends_on),
        days: fund.claim_days,
      })}
      tools={<FundTag state={fund.state} />}
      actions={
        can('fund.run') &&
        fund.state !== 'closed' && (
          <Button
            variant={fund.state === 'open' ? 'default' : 'filled'}
            loading={busy}
            onClick={() => void move(fund.state === 'open' ? 'close' : 'open')}
          >
            {t(fund.state === 'open' ? 'fund.close' : 'fund.open')}
          </Button>
        )
      }
    >
      <div className={c.stack}>
        <Section title={t('fund.holds', { amount: f.money(fund.amount_minor, fund.currency) })}>
          {fund.state === 'draft' ? (
            <p className={c.dim}>{t('fund.draft_text')}</p>
          ) : (
            <Bar
              label={fund.name}
              currency={fund.currency}
              pots={[
                ['paid', fund.paid_minor],
                ['claimed', fund.claimed_minor],
                ['reserved', fund.reserved_minor],
                ['allocated', fund.allocated_minor],
                ['free', fund.free_minor],
                ...(fund.expired_minor ? [['expired', fund.expired_minor] as ['expired', number]] : []),
              ]}
            />
          )}
          {fund.words && <p className={c.words}>{fund.words}</p>}
        </Section>
        {fund.state !== 'draft' && (
          <Section title={t('fund.parts')}>
            <Parts fund={fund} />
            {can('fund.run') && fund.state === 'open' && <Allocate fund={fund} />}
          </Section>
        )}
        {fund.state !== 'draft' && can('fund.ledger') && <Ledger fund={fund} />}
      </div>
    </Page>
  );
}

function Parts({ fund }: { fund: Fund }) {
  const { t } = useTranslation();
  const parts = fund.allocations ?? [];
  if (parts.length === 0) return <p className={c.dim}>{t('fund.no_parts')}</p>;
  return (
    <ul className={c.parts} aria-label={t('fund.parts')}>
      {parts.map((part) => (
        <PartRow key={part.id} part={part} open={fund.state === 'open'} />
      ))}
    </ul>
  );
}

function PartRow({ part, open }: { part: FundPart; open: boolean }) {
  const { t } = useTranslation();
  const f = useFormat();
  const can = useCan();
  const [text, setText] = useState<string>();
  const send = async (minor?: number) => {
    try {
      await api.post(`/fund-allocations/${part.id}/amount`, { amount_minor: minor, revision: part.revision });
      setText(undefined);
    } catch (fault) {
      say.problem(fault);
    }
    again();
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const minor = readMinor(text ?? '', f.digits(part.currency));
    if (minor === null) say.wrong(t('problem.amount'));
    else void send(minor);
  };
  return (
    <li>
      <div className={c.partHead}>
        <strong>{part.partner.name}</strong>
        <span>{f.money(part.amount_minor, part.currency)}</span>
      </div>
      <Bar
        label={part.partner.name}
        currency={part.currency}
        pots={[
          ['paid', part.paid_minor],
          ['claimed', part.claimed_minor],
          ['reserved', part.reserved_minor],
          ['pending', part.pending_minor],
          ['free', part.rest_minor],
        ]}
      />
      {!part.live && <p className={c.dim}>{t('fund.dark', { name: part.partner.name })}</p>}
      {open && can('fund.run') && (
        <form className={c.change} onSubmit={submit}>
          {text === undefined ? (
            <Button size="compact-sm" variant="default" onClick={() => setText(String(part.amount_minor / 10 ** f.digits(part.currency)))}>
              {t('fund.change')}
            </Button>
          ) : (
            <>
              <Money label={t('fund.amount')} value={text} onChange={setText} currency={part.currency} />
              <Button type="submit">{t('do.save')}</Button>
              <Button variant="default" onClick={() => setText(undefined)}>
                {t('do.cancel')}
              </Button>
            </>
          )}
          {part.rest_minor > 0 && text === undefined && (
            <Button size="compact-sm" variant="default" onClick={() => void send()}>
              {t('fund.take_back')}
            </Button>
          )}
        </form>
      )}
    </li>
  );
}

function Allocate({ fund }: { fund: Fund }) {
  const { t } = useTranslation();
  const f = useFormat();
  const me = useMe();
  const partners = useQuery({ queryKey: ['partnerships'], queryFn: () => api.read('/partnerships') });
  const [partner, setPartner] = useState('');
  const [amount, setAmount] = useState('');
  const [refusal, setRefusal] = useState('');
  const taken = new Set((fund.allocations ?? []).filter((it) => it.live).map((it) => it.partner.id));
  const free = (partners.data?.items ?? [])
    .filter((it) => it.state === 'active')
    .map((it) => ({ id: it.partner.id ?? '', name: it.partner.name ?? '' }))
    .filter((it) => it.id && it.id !== me.organisation.id && !taken.has(it.id));
  if (free.length === 0) return null;
  const send = async (event: FormEvent) => {
    event.preventDefault();
    const minor = readMinor(amount, f.digits(fund.currency));
    if (minor === null) return setRefusal(t('problem.amount'));
    try {
      await api.post(`/funds/${fund.id}/allocations`, { partner, amount_minor: minor });
      setAmount('');
      setPartner('');
      setRefusal('');
    } catch (fault) {
      setRefusal(told(fault));
    }
    again();
  };
  return (
    <form className={c.change} onSubmit={(event) => void send(event)}>
      <NativeSelect
        size="md"
        label={t('fund.partner')}
        value={partner}
        onChange={(event) => setPartner(event.currentTarget.value)}
        data={[{ value: '', label: '–' }, ...free.map((it) => ({ value: it.id, label: it.name }))]}
      />
      <Money label={t('fund.amount')} value={amount} onChange={setAmount} currency={fund.currency} />
      <Button type="submit" disabled={!partner || !amount.trim()}>
        {t('fund.allocate')}
      </Button>
      {refusal && (
        <p role="alert" className={c.refusal}>
          {refusal}
        </p>
      )}
    </form>
  );
}

/** Every posting, from one account to another: what is added up here is what the fund holds. */
function Ledger({ fund }: { fund: Fund }) {
  const { t } = useTranslation();
  const f = useFormat();
  const asked = useInfiniteQuery({
    queryKey: ['fund-ledger', fund.id],
    queryFn: ({ pageParam }) => api.read(`/funds/${fund.id}/ledger`, { limit: 200, after: pageParam }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next ?? undefined,
  });
  const rows = asked.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <Section
      title={t('fund.ledger')}
      aside={
        <Button
          component="a"
          href={`/api/v1/funds/${fund.id}/ledger/csv`}
          download
          size="compact-sm"
          variant="default"
          leftSection={<Download size={14} aria-hidden />}
        >
          {t('fund.csv')}
        </Button>
      }
    >
      <div className={c.scroll} tabIndex={0} role="region" aria-label={t('fund.ledger')}>
        <table className={c.ledger}>
          <thead>
            <tr>
              <th scope="col">{t('fund.no')}</th>
              <th scope="col">{t('fund.when')}</th>
              <th scope="col">{t('fund.cause')}</th>
              <th scope="col">{t('fund.from_to')}</th>
              <th scope="col">{t('fund.partner')}</th>
              <th scope="col">{t('fund.about')}</th>
              <th scope="col" data-end>
                {t('fund.amount')}
              </th>
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <tr key={row.seq}>
                <td>{row.seq}</td>
                <td>
                  <time dateTime={row.at} title={f.precise(row.at)}>
                    {f.date(row.at)}
                  </time>
                </td>
                <td>{t(`fund.why.${row.cause}`)}</td>
                <td>
                  {t(`fund.account.${row.from}`)} → {t(`fund.account.${row.to}`)}
                </td>
                <td>{row.partner}</td>
                <td>
                  {row.request && (
                    <Link to="/fund-requests/$request" params={{ request: row.request }}>
                      {row.request_title}
                    </Link>
                  )}
                  {row.reference && <small> {row.reference}</small>}
                </td>
                <td data-end>{f.money(row.minor, fund.currency)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {asked.hasNextPage && (
        <Group justify="center" mt={8}>
          <Button size="compact-sm" variant="default" onClick={() => void asked.fetchNextPage()}>
            {t('fund.more')}
          </Button>
        </Group>
      )}
    </Section>
  );
}
