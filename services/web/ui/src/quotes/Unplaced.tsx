import { NativeSelect } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { api } from '../api/client';
import type { Rfq } from '../api/types';
import { queries } from '../app/queries';
import { Section } from '../parts/Page';
import { say } from '../parts/say';
import { RfqTag } from './QuoteTag';
import c from './quotes.module.css';

/** Requests that stand in no deal yet: whoever sells puts each into one. */
export function Unplaced() {
  const { t } = useTranslation();
  const asked = useQuery({ queryKey: ['rfqs', 'all'], queryFn: () => api.read('/rfqs', { limit: 200 }) });
  const rows = (asked.data?.items ?? []).filter(
    (rfq) => !rfq.deal && rfq.side === 'seller' && rfq.state === 'sent',
  );
  const deals = useQuery({
    queryKey: ['deals', 'for-order'],
    queryFn: () => api.read('/deals', { limit: 200 }),
    enabled: rows.length > 0,
  });
  if (rows.length === 0) return null;
  const place = async (rfq: Rfq, deal: string) => {
    try {
      await api.post(`/rfqs/${rfq.id}/deal`, { deal });
      void queries.invalidateQueries({ queryKey: ['rfqs'] });
      say.done(t('rfq.placed'));
    } catch (fault) {
      say.problem(fault);
    }
  };
  return (
    <Section title={t('rfq.unplaced')}>
      <ul className={c.list}>
        {rows.map((rfq) => (
          <li key={rfq.id}>
            <Link to="/rfqs/$rfq" params={{ rfq: rfq.id }}>
        {t('rfq.of', { number: rfq.number, name: rfq.buyer.name })}
      </Link>
            <RfqTag state={rfq.state} />
            <NativeSelect
              size="xs"
              aria-label={t('rfq.place', { number: rfq.number })}
              value=""
              onChange={(event) => event.currentTarget.value && void place(rfq, event.currentTarget.value)}
              data={[
                { value: '', label: t('order.choose_deal') },
                ...(deals.data?.items ?? []).map((deal) => ({
                  value: deal.id,
                  label: `${deal.title ?? ''} · ${deal.account ?? ''}`,
                })),
              ]}
            />
          </li>
        ))}
      </ul>
    </Section>
  );
}

/** What was asked of sellers that are not on the hub, and waits for their quotes. */
export function Awaited() {
  const { t } = useTranslation();
  const asked = useQuery({ queryKey: ['rfqs', 'all'], queryFn: () => api.read('/rfqs', { limit: 200 }) });
  const rows = (asked.data?.items ?? []).filter((rfq) => !rfq.seller.id && rfq.state === 'sent');
  if (rows.length === 0) return null;
  return (
    <Section title={t('rfq.awaited')}>
      <ul className={c.list}>
        {rows.map((rfq) => (
          <li key={rfq.id}>
            <Link to="/rfqs/$rfq" params={{ rfq: rfq.id }}>
              {t('rfq.to', { number: rfq.number, name: rfq.seller.name })}
            </Link>
            <RfqTag state={rfq.state} />
          </li>
        ))}
      </ul>
    </Section>
  );
}
