import { useTranslation } from 'react-i18next';
import type { Order } from '../api/types';
import { useFormat } from '../app/format';
import { Section } from '../parts/Page';
import { Tag } from '../parts/Tag';
import c from './orders.module.css';

/** The lines that ask for another price than the seller's list has for the buyer. */
export function OffList({ order }: { order: Order }) {
  const { t } = useTranslation();
  const f = useFormat();
  if (order.off_list.length === 0) return null;
  return (
    <Section
      title={t('order.off_list')}
      aside={<Tag tone="problem">{t('order.disagrees', { count: order.off_list.length })}</Tag>}
    >
      <div className={c.scroll} tabIndex={0} role="group" aria-label={t('order.off_list')}>
        <table className={c.table}>
          <thead>
            <tr>
              <th scope="col">{t('order.line')}</th>
              <th scope="col" data-end>
                {t('order.listed')}
              </th>
              <th scope="col" data-end>
                {t('order.ordered')}
              </th>
            </tr>
          </thead>
          <tbody>
            {order.off_list.map((one) => (
              <tr key={one.line}>
                <td>{one.line}</td>
                <td data-end>
                  {f.decimal(one.listed)}
                  {one.price_per === 1 ? '' : ` / ${one.price_per}`}
                </td>
                <td data-end>
                  <b>{f.decimal(one.ordered)}</b>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </Section>
  );
}
