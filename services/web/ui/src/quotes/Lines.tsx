import { useTranslation } from 'react-i18next';
import type { QuoteRevision } from '../api/types';
import { useFormat } from '../app/format';
import { Section } from '../parts/Page';
import c from './quotes.module.css';

/** The lines of a revision, with what the buyer wished of each. */
export function Lines({ revision }: { revision: QuoteRevision }) {
  const { t } = useTranslation();
  const f = useFormat();
  const wishOf = (line: number) => revision.wishes.find((wish) => wish.line === line);
  return (
    <Section title={t('quote.lines')}>
      <div className={c.scroll} tabIndex={0} role="group" aria-label={t('quote.lines')}>
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
                {t('quote.discount')}
              </th>
              <th scope="col" data-end>
                {t('quote.net')}
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
            {revision.lines.map((line, at) => {
              const wish = wishOf(at + 1);
              const per = line.price_per && line.price_per !== 1 ? ` / ${f.number(line.price_per)}` : '';
              return (
                <tr key={at}>
                  <td>{at + 1}</td>
                  <td>
                    <b>{line.product || line.description}</b>
                    {line.product && line.description && <small>{line.description}</small>}
                    {wish && (
                      <small className={c.wish}>
                        {t('quote.wished')}{' '}
                        {[
                          wish.unit_price && `${t('quote.net')} ${f.price(wish.unit_price, revision.currency)}`,
                          wish.quantity && `${f.decimal(wish.quantity)} ${line.unit}`,
                          wish.deliver_on && f.date(wish.deliver_on),
                        ]
                          .filter(Boolean)
                          .join(', ')}
                      </small>
                    )}
                  </td>
                  <td data-end>
                    {f.decimal(line.quantity)} {line.unit}
                  </td>
                  <td data-end>{line.unit_price ? f.price(line.unit_price, revision.currency) + per : '—'}</td>
                  <td data-end>{line.discount ? `${f.decimal(line.discount)} %` : ''}</td>
                  <td data-end>{line.net_price ? f.price(line.net_price, revision.currency) + per : '—'}</td>
                  <td data-end>{line.deliver_on ? f.date(line.deliver_on) : ''}</td>
                  <td data-end>
                    {typeof line.amount_minor === 'number' ? f.money(line.amount_minor, revision.currency) : ''}
                  </td>
                </tr>
              );
            })}
          </tbody>
        </table>
      </div>
      <div className={c.sum}>
        <span>{t('quote.total')}</span>
        <b>{f.money(revision.total_minor, revision.currency)}</b>
      </div>
      {revision.terms && <p className={c.said}>{revision.terms}</p>}
      {revision.note && (
        <p className={c.said}>
          <b>{t('quote.buyer_says')}</b> {revision.note}
        </p>
      )}
    </Section>
  );
}
