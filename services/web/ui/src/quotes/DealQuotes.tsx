import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { api } from '../api/client';
import type { Deal, Rfq } from '../api/types';
import { useFormat } from '../app/format';
import { queries, useMe } from '../app/queries';
import { Section } from '../parts/Page';
import { say } from '../parts/say';
import { QuoteTag, RfqTag } from './QuoteTag';
import c from './quotes.module.css';

/** What was asked and offered in a deal, and the ways to ask and to offer. */
export function DealQuotes({ deal }: { deal: Deal }) {
  const { t } = useTranslation();
  const f = useFormat();
  const me = useMe();
  const reads = me.can.includes('quote.read');
  const quotes = useQuery({
    queryKey: ['deal-quotes', deal.id],
    queryFn: () => api.read(`/deals/${deal.id}/quotes`),
    enabled: reads,
  });
  const rfqs = useQuery({
    queryKey: ['rfqs', 'deal', deal.id],
    queryFn: () => api.read('/rfqs', { deal: deal.id, limit: 50 }),
    enabled: reads,
  });
  const open = deal.state === 'open' && deal.you.role !== 'observer';
  const others = deal.parties.some((one) => one.id !== me.organisation.id);
  const writes = open && me.can.includes('quote.write');
  const asks = open && others && me.can.includes('quote.answer');
  const rows = quotes.data?.items ?? [];
  const waiting = (rfqs.data?.items ?? []).filter((one) => one.state !== 'quoted');
  if (!reads || (rows.length === 0 && waiting.length === 0 && !writes && !asks)) return null;
  return (
    <Section
      title={t('nav.quotes')}
      aside={
        <>
          {asks && (
            <Button
              renderRoot={(props) => <Link {...props} to="/deals/$deal/ask" params={{ deal: deal.id }} />}
              size="compact-xs"
              variant="subtle"
            >
              {t('rfq.ask')}
            </Button>
          )}
          {writes && (
            <Button
              renderRoot={(props) => <Link {...props} to="/deals/$deal/quote" params={{ deal: deal.id }} />}
              size="compact-xs"
              variant="default"
            >
              {t('quote.new')}
            </Button>
          )}
        </>
      }
    >
      {rows.length === 0 && waiting.length === 0 && <p className={c.lead}>{t('quote.none_here')}</p>}
      <ul className={c.list}>
        {waiting.map((rfq) => (
          <Asked key={rfq.id} rfq={rfq} deal={deal.id} />
        ))}
        {rows.map((quote) => (
          <li key={quote.id}>
            <Link to="/quotes/$quote" params={{ quote: quote.id }}>
              {quote.number}
            </Link>
            <small>{t('quote.revision', { rev: quote.rev })}</small>
            <b>{f.money(quote.total_minor, quote.currency)}</b>
            <QuoteTag state={quote.state} />
          </li>
        ))}
      </ul>
    </Section>
  );
}

function Asked({ rfq, deal }: { rfq: Rfq; deal: string }) {
  const { t } = useTranslation();
  const me = useMe();
  const mine = rfq.side === 'seller' && rfq.state === 'sent' && me.can.includes('quote.write');
  const decline = async () => {
    try {
      await api.post(`/rfqs/${rfq.id}/decline`, { revision: rfq.revision });
      void queries.invalidateQueries({ queryKey: ['rfqs'] });
      say.done(t('rfq.declined', { number: rfq.number }));
    } catch (fault) {
      say.problem(fault);
    }
  };
  return (
    <li>
      <Link to="/rfqs/$rfq" params={{ rfq: rfq.id }}>
        {t('rfq.of', { number: rfq.number, name: rfq.buyer.name })}
      </Link>
      <RfqTag state={rfq.state} />
      {mine && (
        <span className={c.acts}>
          <Button
            renderRoot={(props) => (
              <Link {...props} to="/deals/$deal/quote" params={{ deal }} search={{ rfq: rfq.id }} />
            )}
            size="compact-xs"
          >
            {t('rfq.quote')}
          </Button>
          <Button size="compact-xs" variant="subtle" onClick={() => void decline()}>
            {t('rfq.decline')}
          </Button>
        </span>
      )}
    </li>
  );
}
