import { VisuallyHidden } from '@mantine/core';
import { CalendarClock, Hourglass, Lock } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { DealSummary } from '../api/types';
import { useFormat } from '../app/format';
import { useMe } from '../app/queries';
import c from './board.module.css';
import { isOverdue, quietDays } from './stages';

/** What a card of the board tells: customer, money, with whom, what comes next, and whether it sleeps. */
export function Card({ deal }: { deal: DealSummary }) {
  const { t } = useTranslation();
  const f = useFormat();
  const me = useMe();
  const others = [deal.host, ...deal.parties].filter(
    (one, at, all) => one.id !== me.organisation.id && all.findIndex((same) => same.id === one.id) === at,
  );
  const quiet = quietDays(deal);
  const late = isOverdue(deal);
  return (
    <>
      <h3>{deal.title ?? <Hidden />}</h3>
      <p className={c.account}>
        {deal.account ?? <Hidden />}
        {deal.own_stage_name && <> · {deal.own_stage_name}</>}
      </p>
      <div className={c.line}>
        <span className={c.amount}>
          {typeof deal.amount_minor === 'number' && deal.currency ? (
            f.money(deal.amount_minor, deal.currency)
          ) : (
            <Hidden />
          )}
        </span>
        {deal.close_on && (
          <span className={c.due} data-late={late || undefined}>
            {late && <CalendarClock size={12} aria-hidden />}
            {t(late ? 'deals.was_due' : 'deals.due', { date: f.date(deal.close_on) })}
          </span>
        )}
      </div>
      {deal.next_step && <p className={c.next}>→ {deal.next_step}</p>}
      <div className={c.line}>
        <span className={c.with}>
          {others.length > 0 ? others.map((one) => one.name).join(', ') : t('deals.only_us')}
        </span>
        {quiet > 0 && (
          <span className={c.quiet} title={t('deals.quiet', { count: quiet })}>
            <Hourglass size={12} aria-hidden />
            <span aria-hidden>{t('deals.quiet_short', { count: quiet })}</span>
            <VisuallyHidden>{t('deals.quiet', { count: quiet })}</VisuallyHidden>
          </span>
        )}
        {deal.unread > 0 && (
          <b className={c.unread} aria-label={t('deals.unread', { count: deal.unread })}>
            {deal.unread}
          </b>
        )}
      </div>
    </>
  );
}

function Hidden() {
  const { t } = useTranslation();
  return (
    <span className={c.hidden}>
      <Lock size={11} aria-hidden /> {t('field.hidden')}
    </span>
  );
}
