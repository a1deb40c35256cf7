import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { FileText } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { api, Problem } from '../api/client';
import type { Rfq } from '../api/types';
import { useFormat } from '../app/format';
import { queries, useMe } from '../app/queries';
import { Empty, Failed, Page, Section, Waiting } from '../parts/Page';
import { say } from '../parts/say';
import { Offers } from './Offers';
import { Papers } from './Papers';
import { RfqTag } from './QuoteTag';
import c from './quotes.module.css';

/** What a buyer asked for, where it stands, and the papers by which it came. */
export function RfqPage() {
  const { t } = useTranslation();
  const { rfq: id } = useParams({ from: '/shell/rfqs/$rfq' });
  const asked = useQuery({ queryKey: ['rfqs', 'one', id], queryFn: () => api.read(`/rfqs/${id}`) });
  if (asked.error instanceof Problem && asked.error.status === 404)
    return <Empty icon={FileText} title={t('lost.title')} text={t('lost.text')} />;
  if (asked.isError && !asked.data) return <Failed fault={asked.error} retry={() => void asked.refetch()} />;
  if (!asked.data)
    return (
      <Page title={t('nav.quotes')}>
        <Waiting rows={6} />
      </Page>
    );
  return <Shown rfq={asked.data} />;
}

function Shown({ rfq }: { rfq: Rfq }) {
  const { t } = useTranslation();
  const f = useFormat();
  const me = useMe();
  const answers = rfq.side === 'seller' && rfq.state === 'sent' && me.can.includes('quote.write');
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
    <Page
      wide
      title={t('rfq.title', { number: rfq.number })}
      lead={
        <>
          {t('rfq.between', { seller: rfq.seller.name, buyer: rfq.buyer.name })}
          {rfq.answer_by && ` · ${t('rfq.answer_by')} ${f.date(rfq.answer_by)}`}
        </>
      }
      tools={<RfqTag state={rfq.state} />}
      actions={
        answers && (
          <>
            <Button variant="default" onClick={() => void decline()}>
              {t('rfq.decline')}
            </Button>
            {rfq.deal && (
              <Button
                renderRoot={(props) => (
                  <Link {...props} to="/deals/$deal/quote" params={{ deal: rfq.deal!.id }} search={{ rfq: rfq.id }} />
                )}
              >
                {t('rfq.quote')}
              </Button>
            )}
          </>
        )
      }
    >
      <div className={c.split}>
        <div className={c.main}>
          <Offers rfq={rfq} />
          <Asked rfq={rfq} />
          {rfq.note && (
            <Section title={t('rfq.note', { name: rfq.buyer.name })}>
              <p className={c.words}>{rfq.note}</p>
            </Section>
          )}
          {rfq.reason && (
            <Section title={t('rfq.reason', { name: rfq.seller.name })}>
              <p className={c.words}>{rfq.reason}</p>
            </Section>
          )}
        </div>
        <div className={c.rail}>
          <Section title={t('order.deal')}>
            <p className={c.lead}>
              {rfq.deal ? (
                <Link to="/deals/$deal" params={{ deal: rfq.deal.id }}>
                  {rfq.deal.title ?? t('order.deal')}
                </Link>
              ) : (
                t(
                  rfq.side === 'seller' ? 'rfq.no_deal' : rfq.seller.id ? 'quote.no_deal' : 'rfq.elsewhere',
                )
              )}
            </p>
          </Section>
          <Papers of="rfq" id={rfq.id} />
        </div>
      </div>
    </Page>
  );
}

function Asked({ rfq }: { rfq: Rfq }) {
  const { t } = useTranslation();
  const f = useFormat();
  const priced = rfq.lines.some((line) => line.unit_price);
  return (
    <Section title={t('rfq.lines')}>
      <div className={c.scroll} tabIndex={0} role="group" aria-label={t('rfq.lines')}>
        <table className={c.table}>
          <thead>
            <tr>
              <th scope="col">#</th>
              <th scope="col">{t('quote.product')}</th>
              <th scope="col" data-end>
                {t('quote.quantity')}
              </th>
              {priced && (
                <th scope="col" data-end>
                  {t('rfq.hoped')}
                </th>
              )}
              <th scope="col" data-end>
                {t('quote.deliver_on')}
              </th>
            </tr>
          </thead>
          <tbody>
            {rfq.lines.map((line, at) => (
              <tr key={at}>
                <td>{at + 1}</td>
                <td>
                  <b>{line.product || line.description}</b>
                  {line.product && line.description && <small>{line.description}</small>}
                </td>
                <td data-end>
                  {f.decimal(line.quantity)} {line.unit}
                </td>
                {priced && <td data-end>{line.unit_price ? f.decimal(line.unit_price) : '—'}</td>}
                <td data-end>{line.deliver_on ? f.date(line.deliver_on) : ''}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </Section>
  );
}
