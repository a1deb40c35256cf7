import { Link } from '@tanstack/react-router';
import type { TFunction } from 'i18next';
import { useTranslation } from 'react-i18next';
import type { Conflict } from '../api/types';
import { useFormat } from '../app/format';
import { Section } from '../parts/Page';
import { RegistrationTag } from './RegistrationTag';
import c from './registrations.module.css';

/** For the vendor alone: with what this comes into conflict, by which rule, and how near it is. */
export function Conflicts({ of }: { of: Conflict[] }) {
  const { t } = useTranslation();
  return (
    <Section title={t('registration.conflicts_title')}>
      {of.length === 0 ? (
        <p className={c.means}>{t('registration.no_conflict')}</p>
      ) : (
        <>
          <ul className={c.list} aria-label={t('registration.conflicts_title')}>
            {of.map((one) => (
              <li key={`${one.with}-${one.id}`} data-stops={one.stops || undefined}>
                <Subject one={one} />
                <span>{why(t, one)}</span>
                {one.stops && <strong>{t('registration.stops')}</strong>}
              </li>
            ))}
          </ul>
          <p className={c.means}>
            <small>{t('registration.only_you')}</small>
          </p>
        </>
      )}
    </Section>
  );
}

function Subject({ one }: { one: Conflict }) {
  const { t } = useTranslation();
  const f = useFormat();
  if (one.with === 'registration')
    return (
      <span>
        <Link to="/registrations/$registration" params={{ registration: one.id }}>
          {t('registration.conflict.registration', { customer: one.customer, partner: one.partner.name })}
        </Link>{' '}
        <RegistrationTag state={one.state} />
        <br />
        <small>
          {[...one.families, ...one.territories].join(' · ')}
          {one.until && ` · ${t('registration.until', { date: f.date(one.until) })}`}
        </small>
      </span>
    );
  if (one.with === 'deal')
    return (
      <Link to="/deals/$deal" params={{ deal: one.id }}>
        {t('registration.conflict.deal', { customer: one.customer, title: one.title ?? '…' })}
      </Link>
    );
  return (
    <Link to="/accounts" search={{ open: one.id }}>
      {t('registration.conflict.account', { customer: one.customer })}
    </Link>
  );
}

function why(t: TFunction, { matched }: Conflict) {
  if (matched.rule === 'same_key')
    return t('registration.match.same_key', { key: t(`registration.key.${matched.scheme}`) });
  const near = t('registration.match.near_name', { percent: matched.percent });
  return matched.same_city ? `${near}, ${t('registration.match.same_city')}` : near;
}
