import { Button, NativeSelect } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '../api/client';
import type { Retention } from '../api/types';
import { useFormat } from '../app/format';
import { isAdmin, queries, useMe } from '../app/queries';
import { Section, Waiting } from '../parts/Page';
import { say } from '../parts/say';
import { HoldsPart } from './HoldsPart';
import c from './settings.module.css';

const KINDS = ['main_days', 'topic_days', 'internal_days', 'direct_days'] as const;
type Kind = (typeof KINDS)[number];
const CHOICES = [30, 90, 180, 365, 730, 1095, 1825, 2555, 3650];

/** For how long rooms keep what is said, and what is kept in spite of that. */
export function RecordsPart() {
  const me = useMe();
  const asked = useQuery({ queryKey: ['retention'], queryFn: () => api.read('/retention') });
  const rule = asked.data;
  if (!rule) return <Waiting rows={5} />;
  return (
    <>
      {/* What was changed elsewhere takes the place of what is chosen here. */}
      <Rule key={rule.revision} rule={rule} admin={isAdmin(me)} />
      {isAdmin(me) && <HoldsPart />}
    </>
  );
}

function Rule({ rule, admin }: { rule: Retention; admin: boolean }) {
  const { t } = useTranslation();
  const f = useFormat();
  const [chosen, setChosen] = useState(() => Object.fromEntries(KINDS.map((kind) => [kind, rule[kind] ?? null])));
  const changed = KINDS.some((kind) => chosen[kind] !== (rule[kind] ?? null));
  const days = (count: number | null) => (count === null ? t('records.for_ever') : t('records.days', { count }));
  const options = (kind: Kind) => {
    const own = rule[kind];
    const all = own && !CHOICES.includes(own) ? [...CHOICES, own].sort((a, b) => a - b) : CHOICES;
    return [
      { value: '', label: t('records.for_ever') },
      ...all.map((count) => ({ value: String(count), label: days(count) })),
    ];
  };
  const save = async () => {
    try {
      const saved = await api.put('/retention', { ...chosen, revision: rule.revision });
      queries.setQueryData(['retention'], saved);
      say.done(t('records.saved'));
    } catch (fault) {
      say.problem(fault);
      void queries.invalidateQueries({ queryKey: ['retention'] });
    }
  };
  return (
    <Section title={t('records.rule')}>
      <p className={c.lead}>{t('records.rule_lead')}</p>
      {KINDS.map((kind) => (
        <div key={kind} className={`${c.choice} ${c.beside}`}>
          <div>
            <b id={`keep-${kind}`}>{t(`records.kind.${kind}`)}</b>
            <small>{t(`records.kind_lead.${kind}`)}</small>
          </div>
          {admin ? (
            <NativeSelect
              size="xs"
              aria-labelledby={`keep-${kind}`}
              value={chosen[kind] ?? ''}
              data={options(kind)}
              onChange={(event) => {
                const value = event.currentTarget.value;
                setChosen((before) => ({ ...before, [kind]: value === '' ? null : Number(value) }));
              }}
            />
          ) : (
            <span>{days(rule[kind] ?? null)}</span>
          )}
        </div>
      ))}
      {rule.rests_until && <p className={c.lead}>{t('records.rests', { when: f.precise(rule.rests_until) })}</p>}
      {admin && changed && (
        <div className={c.save}>
          <p className={c.lead}>{t('records.week')}</p>
          <Button variant="default" onClick={() => setChosen(Object.fromEntries(KINDS.map((kind) => [kind, rule[kind] ?? null])))}>
            {t('do.cancel')}
          </Button>
          <Button onClick={() => void save()}>{t('do.save')}</Button>
        </div>
      )}
    </Section>
  );
}
