import { useTranslation } from 'react-i18next';
import { useFormat } from '../app/format';
import c from './funds.module.css';

export type Pot = 'free' | 'allocated' | 'pending' | 'reserved' | 'claimed' | 'paid' | 'expired';

/** Where money stands: a bar, and the same as a list, so that nothing is told by colour alone. */
export function Bar({ pots, currency, label }: { pots: [Pot, number][]; currency: string; label: string }) {
  const { t } = useTranslation();
  const f = useFormat();
  const sum = pots.reduce((all, [, minor]) => all + minor, 0);
  return (
    <div className={c.money}>
      <div className={c.bar} aria-hidden>
        {pots
          .filter(([, minor]) => minor > 0)
          .map(([pot, minor]) => (
            <span key={pot} data-pot={pot} style={{ width: `${(100 * minor) / sum}%` }} />
          ))}
      </div>
      <dl className={c.pots} aria-label={label}>
        {pots.map(([pot, minor]) => (
          <div key={pot}>
            <dt>
              <i data-pot={pot} aria-hidden />
              {t(`fund.pot.${pot}`)}
            </dt>
            <dd>{f.money(minor, currency)}</dd>
          </div>
        ))}
      </dl>
    </div>
  );
}
