import { Switch } from '@mantine/core';
import { Lock } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { SIDE_FIELDS, type Deal, type SideField, type SideValues } from '../api/types';
import { readMinor, useFormat } from '../app/format';
import { useMe } from '../app/queries';
import { Editable } from '../parts/Editable';
import { Face } from '../parts/Face';
import { Section } from '../parts/Page';
import { say } from '../parts/say';
import { WhoSees } from '../parts/WhoSees';
import c from './deal.module.css';
import { editSide } from './edit';

/** How a value of a side reads. */
function useShown(deal: Deal) {
  const f = useFormat();
  const currency = deal.currency ?? 'EUR';
  return (side: SideValues, field: SideField) => {
    const value = side[field];
    if (value === null || value === undefined || value === '') return '';
    if (field === 'margin_bp') return f.percent(Number(value));
    if (field === 'forecast_minor') return f.money(Number(value), currency);
    return String(value);
  };
}

/** Our own side: nobody else reads it, save for what we publish field by field. */
export function OwnSide({ deal }: { deal: Deal }) {
  const { t } = useTranslation();
  const f = useFormat();
  const me = useMe();
  const shown = useShown(deal);
  const currency = deal.currency ?? 'EUR';
  const { side } = deal;
  const others = deal.party_list
    .filter((party) => party.state === 'active' && party.organisation.id !== me.organisation.id)
    .map((party) => party.organisation);
  const toggle = (field: SideField, on: boolean) =>
    editSide(deal.id, {
      published: on ? [...side.published, field] : side.published.filter((one) => one !== field),
    }).catch(say.problem);

  const raw = (field: SideField) => {
    const value = side[field];
    if (value === null || value === undefined) return '';
    if (field === 'margin_bp') return (Number(value) / 100).toString();
    if (field === 'forecast_minor') return (Number(value) / 10 ** f.digits(currency)).toString();
    return String(value);
  };
  const save = (field: SideField) => async (text: string) => {
    if (!text.trim()) return editSide(deal.id, { [field]: null });
    if (field !== 'margin_bp' && field !== 'forecast_minor') return editSide(deal.id, { [field]: text });
    const number = readMinor(text, field === 'margin_bp' ? 2 : f.digits(currency));
    if (number === null) throw new RangeError('not a number');
    await editSide(deal.id, { [field]: number });
  };
  return (
    <Section
      title={t('deal.own_side')}
      aside={
        <small className={c.aside}>
          <Lock size={12} aria-hidden /> {t('deal.own_lead')}
        </small>
      }
    >
      {SIDE_FIELDS.map((field) => {
        const published = side.published.includes(field);
        return (
          <Editable
            key={field}
            label={t(`side.${field}`)}
            kind={field === 'notes' ? 'lines' : 'text'}
            value={raw(field)}
            shown={shown(side, field) || undefined}
            locked={deal.state === 'closed'}
            onSave={save(field)}
            sees={
              <WhoSees field={t(`side.${field}`)} us={me.organisation} others={published ? others : []}>
                <Switch
                  mt="sm"
                  size="xs"
                  checked={published}
                  label={t('deal.publish')}
                  onChange={(event) => void toggle(field, event.currentTarget.checked)}
                />
              </WhoSees>
            }
          />
        );
      })}
    </Section>
  );
}

/** What the other parties publish of their own sides. */
export function OtherSides({ deal }: { deal: Deal }) {
  const { t } = useTranslation();
  const shown = useShown(deal);
  return deal.other_sides.map((side) => {
    const fields = SIDE_FIELDS.filter((field) => shown(side, field));
    return (
      <Section
        key={side.organisation.id}
        title={
          <span className={c.sideName}>
            <Face name={side.organisation.name} kind="organisation" size={20} />{' '}
            {t('deal.their_side', { name: side.organisation.name })}
          </span>
        }
      >
        {fields.length === 0 && (
          <p className={c.quiet}>{t('deal.nothing_published', { name: side.organisation.name })}</p>
        )}
        {fields.length > 0 && (
          <dl className={c.facts}>
            {fields.map((field) => (
              <div key={field}>
                <dt>{t(`side.${field}`)}</dt>
                <dd>{shown(side, field)}</dd>
              </div>
            ))}
          </dl>
        )}
      </Section>
    );
  });
}
