import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { api } from '../api/client';
import type { OfferedLine, Rfq, RfqQuote } from '../api/types';
import { useFormat } from '../app/format';
import { Section } from '../parts/Page';
import { Tag } from '../parts/Tag';
import { AnswerQuote } from './AnswerQuote';
import { QuoteTag } from './QuoteTag';
import c from './quotes.module.css';

/** The quotes that answer a request, each line by line beside what was asked for, with the answer. */
export function Offers({ rfq }: { rfq: Rfq }) {
  const asked = useQuery({
    queryKey: ['rfqs', 'quotes', rfq.id],
    queryFn: () => api.read(`/rfqs/${rfq.id}/quotes`),
  });
  return (asked.data?.items ?? []).map((one) => <Offer key={one.quote.id} offer={one} />);
}

function Offer({ offer: { quote, lines } }: { offer: RfqQuote }) {
  const { t } = useTranslation();
  const f = useFormat();
  const revision = quote.revisions.at(-1)!;
  const differing = lines.filter((line) => line.differs.length > 0 || !line.asked || !line.offered).length;
  return (
    <>
      <Section
        title={
          <Link to="/quotes/$quote" params={{ quote: quote.id }}>
            {t('quote.title', { number: quote.number })}
          </Link>
        }
        aside={<QuoteTag state={quote.state} />}
      >
        <p className={c.lead}>
          {t('rfq.offer', {
            rev: quote.rev,
            total: f.money(revision.total_minor, revision.currency),
            date: f.date(revision.valid_until),
          })}{' '}
          <Tag tone={differing > 0 ? 'info' : 'ok'}>
            {differing > 0 ? t('rfq.differs', { count: differing }) : t('rfq.as_asked')}
          </Tag>
        </p>
        <div className={c.scroll} tabIndex={0} role="group" aria-label={t('rfq.compared')}>
          <table className={c.table}>
            <thead>
              <tr>
                <th scope="col">#</th>
                <th scope="col">{t('quote.product')}</th>
                <th scope="col" data-end>
                  {t('quote.quantity')}
                </th>
                <th scope="col" data-end>
                  {t('quote.unit_price')}
                </th>
                <th scope="col" data-end>
                  {t('quote.deliver_on')}
                </th>
                <th scope="col" data-end>
                  {t('field.amount')}
                </th>
              </tr>
            </thead>
            <tbody>
              {lines.map((line, at) => (
                <Compared key={at} at={at + 1} line={line} currency={revision.currency} />
              ))}
            </tbody>
          </table>
        </div>
        {revision.terms && <p className={c.said}>{revision.terms}</p>}
      </Section>
      {quote.may.includes('answer') && <AnswerQuote key={revision.sha256} quote={quote} revision={revision} />}
    </>
  );
}

function Compared({ at, line, currency }: { at: number; line: OfferedLine; currency: string }) {
  const { t } = useTranslation();
  const f = useFormat();
  const { asked, offered } = line;
  const price = (one: { price_per?: number }, value?: string | null) =>
    value ? f.price(value, currency) + (one.price_per && one.price_per !== 1 ? ` / ${f.number(one.price_per)}` : '') : '—';
  /** What is offered; where it is not what was asked for, that under it. */
  const beside = (differs: boolean, now: string, was: string) => (
    <td data-end data-differs={differs || undefined}>
      {differs ? <b>{now || '—'}</b> : now}
      {differs && <small>{t('rfq.was', { what: was || '—' })}</small>}
    </td>
  );
  const has = (...what: OfferedLine['differs']) => what.some((one) => line.differs.includes(one));
  const shown = offered ?? asked!;
  const quantity = (one?: typeof asked) => (one ? `${f.decimal(one.quantity)} ${one.unit}` : '');
  const day = (one?: typeof asked) => (one?.deliver_on ? f.date(one.deliver_on) : '');
  return (
    <tr>
      <td>{at}</td>
      <td data-differs={has('product') || undefined}>
        <b>{shown.product || shown.description}</b>
        {has('product') && <small>{t('rfq.was', { what: asked!.product })}</small>}
        {shown.product && shown.description && <small>{shown.description}</small>}
        {!asked && <small>{t('rfq.not_asked')}</small>}
        {!offered && <small>{t('rfq.not_offered')}</small>}
      </td>
      {offered ? (
        <>
          {beside(has('quantity', 'unit'), quantity(offered), quantity(asked))}
          {beside(has('price'), price(offered, offered.net_price), asked ? price(asked, asked.unit_price) : '')}
          {beside(has('date'), day(offered), day(asked))}
          <td data-end>
            {typeof offered.amount_minor === 'number' ? f.money(offered.amount_minor, currency) : ''}
          </td>
        </>
      ) : (
        <>
          <td data-end>{quantity(asked)}</td>
          <td data-end>—</td>
          <td data-end>{day(asked)}</td>
          <td data-end>—</td>
        </>
      )}
    </tr>
  );
}
