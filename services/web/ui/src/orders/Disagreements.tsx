import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import type { Order } from '../api/types';
import { Section } from '../parts/Page';
import { Tag } from '../parts/Tag';
import c from './orders.module.css';

/** What the order says otherwise than the quote that it names, line by line. */
export function Disagreements({ order }: { order: Order }) {
  const { t } = useTranslation();
  if (!order.quote) return null;
  const found = order.disagreements ?? [];
  const known = order.disagreements !== null && order.disagreements !== undefined;
  return (
    <Section
      title={
        order.quote.id ? (
          <Link to="/quotes/$quote" params={{ quote: order.quote.id }}>
            {t('order.of_quote', { number: order.quote.number })}
          </Link>
        ) : (
          t('order.of_quote', { number: order.quote.number })
        )
      }
      aside={
        known ? (
          <Tag tone={found.length > 0 ? 'problem' : 'ok'}>
            {found.length > 0 ? t('order.disagrees', { count: found.length }) : t('order.agrees')}
          </Tag>
        ) : (
          <Tag tone="wait">{t('order.quote_unknown')}</Tag>
        )
      }
    >
      {found.length > 0 && (
        <div className={c.scroll} tabIndex={0} role="group" aria-label={t('order.disagreements')}>
          <table className={c.table}>
            <thead>
              <tr>
                <th scope="col">{t('order.line')}</th>
                <th scope="col">{t('order.about')}</th>
                <th scope="col" data-end>
                  {t('order.offered')}
                </th>
                <th scope="col" data-end>
                  {t('order.ordered')}
                </th>
              </tr>
            </thead>
            <tbody>
              {found.map((one, at) => (
                <tr key={at}>
                  <td>{one.line ?? ''}</td>
                  <td>{t(`order.about.${one.what}`)}</td>
                  <td data-end>{one.offered ?? '—'}</td>
                  <td data-end>
                    <b>{one.ordered ?? '—'}</b>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </Section>
  );
}
