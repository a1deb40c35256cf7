import { Checkbox, NativeSelect } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { api } from '../api/client';
import { MAPPING_FIELDS, type Mapping, type MappingField, type MappingLevel } from '../api/types';
import { queries, useCan } from '../app/queries';
import { Section } from '../parts/Page';
import { say } from '../parts/say';
import c from './mapping.module.css';

const LEVELS: MappingLevel[] = ['hidden', 'counts', 'overlapping', 'all'];

/** How far each of our populations goes, and how far theirs do, in plain words. */
export function Levels({ mapping }: { mapping: Mapping }) {
  const { t } = useTranslation();
  const can = useCan()('mapping.levels') && mapping.live;
  const name = mapping.partner.name;
  const set = async (population: string, level: MappingLevel, fields: string[]) => {
    try {
      const kept = fields.length || level === 'hidden' || level === 'counts' ? fields : ['name'];
      const path = `/mappings/${mapping.partnership}/levels/${population}` as const;
      const now = await api.put(path, { level, fields: kept as MappingField[] });
      queries.setQueryData(['mapping', mapping.partnership], now);
      void queries.invalidateQueries({ queryKey: ['mappings'] });
    } catch (fault) {
      say.problem(fault);
    }
  };
  return (
    <div className={c.sides}>
      <Section title={t('mapping.they_see', { name })}>
        {mapping.yours.length === 0 && (
          <p className={c.hint}>
            {t('mapping.no_population')}{' '}
            <Link to="/mapping" search={{ view: 'populations' }}>
              {t('mapping.populations')}
            </Link>
          </p>
        )}
        <ul className={c.levels}>
          {mapping.yours.map((one) => (
            <li key={one.id}>
              <NativeSelect
                label={one.name}
                description={t(`mapping.they_see_at.${one.level}`, { name })}
                value={one.level}
                disabled={!can}
                onChange={(event) => void set(one.id, event.currentTarget.value as MappingLevel, one.fields)}
                data={LEVELS.map((level) => ({ value: level, label: t(`mapping.level.${level}`) }))}
              />
              {(one.level === 'overlapping' || one.level === 'all') && (
                <Checkbox.Group
                  label={t(one.level === 'all' ? 'mapping.fields_else' : 'mapping.fields', { name })}
                  value={one.fields}
                  onChange={(next) => next.length > 0 && void set(one.id, one.level, next)}
                >
                  <div className={c.checks}>
                    {MAPPING_FIELDS.map((field) => (
                      <Checkbox
                        key={field}
                        size="sm"
                        value={field}
                        label={t(`field.${field}`)}
                        disabled={!can}
                      />
                    ))}
                  </div>
                </Checkbox.Group>
              )}
            </li>
          ))}
        </ul>
      </Section>
      <Section title={t('mapping.you_see', { name })}>
        {mapping.theirs.length === 0 ? (
          <p className={c.hint}>{t('mapping.they_show_none', { name })}</p>
        ) : (
          <ul className={c.plain}>
            {mapping.theirs.map((one) => (
              <li key={one.id}>
                <b>{one.name}</b> · {t(`mapping.level.${one.level}`)}
              </li>
            ))}
          </ul>
        )}
        <p className={c.hint}>{t('mapping.lower_holds')}</p>
      </Section>
    </div>
  );
}
