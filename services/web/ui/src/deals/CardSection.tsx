import { Lock } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { CardField, Deal } from '../api/types';
import { readMinor, useFormat } from '../app/format';
import { useMe } from '../app/queries';
import { Editable } from '../parts/Editable';
import { Section } from '../parts/Page';
import { WhoSees } from '../parts/WhoSees';
import c from './deal.module.css';
import { cardChanger, editCard } from './edit';

/** The card that all parties share; each field says who reads it. */
export function CardSection({ deal }: { deal: Deal }) {
  const { t } = useTranslation();
  const f = useFormat();
  const me = useMe();
  const locked = !deal.you.can_edit || deal.state === 'closed';
  const field = (name: CardField) => ({
    label: t(`field.${name}`),
    locked,
    changer: () => cardChanger(deal, name, me.person.id),
    sees: (
      <WhoSees
        field={t(`field.${name}`)}
        us={me.organisation}
        others={(deal.who_sees[name] ?? []).filter((one) => one.id !== me.organisation.id)}
      />
    ),
  });
  const has = (name: CardField) => deal.fields.includes(name);
  const amount = async (text: string) => {
    const minor = readMinor(text, f.digits(deal.currency ?? 'EUR'));
    if (minor === null) throw new RangeError('not an amount');
    await editCard(deal.id, { amount_minor: minor });
  };
  const plain =
    typeof deal.amount_minor === 'number' && deal.currency
      ? (deal.amount_minor / 10 ** f.digits(deal.currency)).toString()
      : '';
  return (
    <Section title={t('deal.card')} aside={<small className={c.aside}>{t('deal.shared_card')}</small>}>
      {has('title') ? (
        <Editable
          {...field('title')}
          value={deal.title ?? ''}
          onSave={(title) => editCard(deal.id, { title })}
        />
      ) : (
        <Masked name="title" />
      )}
      {has('account') ? (
        <Editable
          {...field('account')}
          value={deal.account ?? ''}
          onSave={(account) => editCard(deal.id, { account })}
        />
      ) : (
        <Masked name="account" />
      )}
      {has('amount') ? (
        <Editable
          {...field('amount')}
          value={plain}
          shown={
            typeof deal.amount_minor === 'number' && deal.currency
              ? f.money(deal.amount_minor, deal.currency)
              : undefined
          }
          onSave={amount}
        />
      ) : (
        <Masked name="amount" />
      )}
      {has('close_on') ? (
        <Editable
          {...field('close_on')}
          kind="date"
          value={deal.close_on ?? ''}
          shown={deal.close_on ? f.date(deal.close_on) : undefined}
          onSave={(close_on) => editCard(deal.id, { close_on: close_on || null })}
        />
      ) : (
        <Masked name="close_on" />
      )}
      {has('next_step') ? (
        <Editable
          {...field('next_step')}
          value={deal.next_step ?? ''}
          onSave={(next_step) => editCard(deal.id, { next_step: next_step || null })}
        />
      ) : (
        <Masked name="next_step" />
      )}
    </Section>
  );
}

/** A field of the card that the host did not share with us. */
function Masked({ name }: { name: CardField }) {
  const { t } = useTranslation();
  return (
    <div className={c.masked}>
      <span>{t(`field.${name}`)}</span>
      <span>
        <Lock size={12} aria-hidden /> {t('field.hidden')}
      </span>
    </div>
  );
}
