import { ActionIcon, Button, Group, NativeSelect, NumberInput, Switch, TagsInput, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { ArrowDown, ArrowUp, Plus, Trash2, UserMinus } from 'lucide-react';
import { useState, type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '../api/client';
import type { LeadRouting, LeadRule } from '../api/types';
import { queries, useCan } from '../app/queries';
import { Failed, Section, Waiting } from '../parts/Page';
import { say, told } from '../parts/say';
import c from './leads.module.css';

const EMPTY: LeadRule = { name: '', countries: [], families: [], partners: [] };

/** By which rules leads go to partners. */
export function Routing() {
  const { t } = useTranslation();
  const asked = useQuery({ queryKey: ['lead-routing'], queryFn: () => api.read('/lead-routing'), staleTime: 0 });
  if (asked.isError) return <Failed fault={asked.error} retry={() => void asked.refetch()} />;
  return (
    <Section title={t('lead.routing')}>
      {asked.data ? <Rules key={asked.data.revision} routing={asked.data} /> : <Waiting rows={3} />}
    </Section>
  );
}

function Rules({ routing }: { routing: LeadRouting }) {
  const { t } = useTranslation();
  const may = useCan()('lead.hand');
  const [on, setOn] = useState(routing.is_on);
  const [rules, setRules] = useState(routing.rules);
  const [refusal, setRefusal] = useState('');
  const save = async (event: FormEvent) => {
    event.preventDefault();
    try {
      const kept = await api.put('/lead-routing', {
        is_on: on,
        rules: rules.map(({ partners, ...rule }) => ({
          ...rule,
          partners: partners.map(({ organisation, most }) => ({ organisation: organisation.id, most })),
        })),
        revision: routing.revision,
      });
      queries.setQueryData(['lead-routing'], kept);
      void queries.invalidateQueries({ queryKey: ['lead'] });
      say.done(t('lead.routing_saved'));
    } catch (fault) {
      setRefusal(told(fault));
    }
  };
  const swap = (place: number, by: number) => {
    const [one, other] = [rules[place], rules[place + by]];
    if (one && other) setRules(rules.with(place, other).with(place + by, one));
  };
  return (
    <form onSubmit={(event) => void save(event)}>
      <fieldset className={c.rules} disabled={!may}>
        <p className={c.means}>{t('lead.routing_lead')}</p>
        <Switch
          label={t('lead.routing_on')}
          description={t('lead.routing_on_text')}
          checked={on}
          onChange={(event) => setOn(event.currentTarget.checked)}
        />
        {rules.length === 0 && <p className={c.means}>{t('lead.routing_none')}</p>}
        {rules.map((rule, place) => (
          <Rule
            key={place}
            rule={rule}
            place={place}
            last={place === rules.length - 1}
            onChange={(next) => setRules(rules.with(place, next))}
            onMove={(by) => swap(place, by)}
            onDrop={() => setRules(rules.toSpliced(place, 1))}
          />
        ))}
        {refusal && (
          <p role="alert" className={c.refusal}>
            {refusal}
          </p>
        )}
        {may && (
          <Group justify="space-between">
            <Button
              variant="default"
              leftSection={<Plus size={15} aria-hidden />}
              onClick={() => setRules([...rules, EMPTY])}
            >
              {t('lead.routing_add')}
            </Button>
            <Button type="submit">{t('lead.routing_save')}</Button>
          </Group>
        )}
      </fieldset>
    </form>
  );
}

interface RuleProps {
  rule: LeadRule;
  place: number;
  last: boolean;
  onChange: (rule: LeadRule) => void;
  onMove: (by: 1 | -1) => void;
  onDrop: () => void;
}

function Rule({ rule, place, last, onChange, onMove, onDrop }: RuleProps) {
  const { t } = useTranslation();
  const named = t('lead.routing_nth', { n: place + 1 });
  const set = (more: Partial<LeadRule>) => onChange({ ...rule, ...more });
  const icon = { variant: 'subtle', color: 'gray' } as const;
  return (
    <section className={c.rule} aria-label={named}>
      <div className={c.head}>
        <TextInput
          required
          label={named}
          placeholder={t('lead.routing_name')}
          maxLength={60}
          value={rule.name}
          onChange={(event) => set({ name: event.currentTarget.value })}
        />
        <ActionIcon {...icon} aria-label={t('lead.routing_up', { rule: named })} disabled={place === 0} onClick={() => onMove(-1)}>
          <ArrowUp size={16} aria-hidden />
        </ActionIcon>
        <ActionIcon {...icon} aria-label={t('lead.routing_down', { rule: named })} disabled={last} onClick={() => onMove(1)}>
          <ArrowDown size={16} aria-hidden />
        </ActionIcon>
        <ActionIcon {...icon} aria-label={t('lead.routing_drop', { rule: named })} onClick={onDrop}>
          <Trash2 size={16} aria-hidden />
        </ActionIcon>
      </div>
      <div className={c.pair}>
        <TagsInput
          label={t('lead.routing_countries')}
          placeholder={rule.countries.length ? undefined : t('lead.routing_any_country')}
          splitChars={[',', ' ', ';']}
          maxTags={50}
          value={rule.countries}
          onChange={(codes) => set({ countries: codes.map((code) => code.toUpperCase()) })}
        />
        <TagsInput
          label={t('lead.routing_families')}
          placeholder={rule.families.length ? undefined : t('lead.routing_any_family')}
          splitChars={[',', ';']}
          maxTags={50}
          value={rule.families}
          onChange={(families) => set({ families })}
        />
      </div>
      <Seats rule={rule} onChange={(partners) => set({ partners })} />
    </section>
  );
}

/** Among whom leads go round, and how many each works on at most. */
function Seats({ rule, onChange }: { rule: LeadRule; onChange: (partners: LeadRule['partners']) => void }) {
  const { t } = useTranslation();
  const asked = useQuery({ queryKey: ['partnerships'], queryFn: () => api.read('/partnerships') });
  const live = (asked.data?.items ?? []).flatMap(({ state, partner: { id, name } }) =>
    state === 'active' && id ? [{ id, name: name ?? id }] : [],
  );
  const free = live.filter((one) => !rule.partners.some((seat) => seat.organisation.id === one.id));
  return (
    <>
      <ul className={c.seats} aria-label={t('lead.routing_partners')}>
        {rule.partners.map((seat, place) => {
          const partner = seat.organisation.name;
          return (
            <li key={seat.organisation.id}>
              <span>
                <b>{partner}</b>
                <small>{t('lead.routing_holds', { count: seat.holds })}</small>
              </span>
              <NumberInput
                aria-label={t('lead.routing_most', { partner })}
                placeholder={t('lead.routing_any_number')}
                leftSection={<span className={c.least}>{t('lead.routing_at_most')}</span>}
                leftSectionWidth={76}
                w={180}
                min={1}
                max={10_000}
                allowDecimal={false}
                hideControls
                value={seat.most ?? ''}
                onChange={(value) =>
                  onChange(rule.partners.with(place, { ...seat, most: value === '' ? null : Number(value) }))
                }
              />
              <ActionIcon
                variant="subtle"
                color="gray"
                aria-label={t('lead.routing_leave', { partner })}
                onClick={() => onChange(rule.partners.toSpliced(place, 1))}
              >
                <UserMinus size={16} aria-hidden />
              </ActionIcon>
            </li>
          );
        })}
      </ul>
      {free.length > 0 && (
        <NativeSelect
          label={t('lead.routing_partner')}
          value=""
          onChange={(event) => {
            const one = free.find(({ id }) => id === event.currentTarget.value);
            if (one) onChange([...rule.partners, { organisation: one, most: null, holds: 0 }]);
          }}
          data={[{ value: '', label: '–' }, ...free.map(({ id, name }) => ({ value: id, label: name }))]}
        />
      )}
    </>
  );
}
