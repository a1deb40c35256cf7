import { Button, Chip, Group, Select, Switch, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { BellOff, BellRing } from 'lucide-react';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '../api/client';
import type { Quiet } from '../api/types';
import { useFormat } from '../app/format';
import { queries } from '../app/queries';
import { Section, Waiting } from '../parts/Page';
import { say } from '../parts/say';
import { DevicesPart } from './DevicesPart';
import c from './settings.module.css';

const DAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;
/** Monday, 2024-01-01: the days of a week, to be named in the reader's language. */
const MONDAY = Date.UTC(2024, 0, 1, 12);
const here = () => Intl.DateTimeFormat().resolvedOptions().timeZone;

/** When one wants to hear nothing. Notices are kept and counted as ever. */
export function NoticesPart() {
  const { t } = useTranslation();
  const asked = useQuery({ queryKey: ['quiet'], queryFn: () => api.read('/me/quiet') });
  if (!asked.data) return <Waiting rows={4} />;
  return (
    <>
      <DevicesPart />
      <Section title={t('quiet.title')}>
        <p className={c.lead}>{t('quiet.lead')}</p>
        <Hours quiet={asked.data} />
      </Section>
    </>
  );
}

type Change = Partial<Pick<Quiet, 'zone' | 'from' | 'to' | 'days' | 'off_days' | 'pause_until'>>;

function Hours({ quiet }: { quiet: Quiet }) {
  const { t, i18n } = useTranslation();
  const f = useFormat();
  const zones = useMemo(() => {
    const all = new Set(['UTC', ...Intl.supportedValuesOf('timeZone'), ...(quiet.zone ? [quiet.zone] : [])]);
    return [...all].sort();
  }, [quiet.zone]);
  const named = useMemo(() => {
    const day = new Intl.DateTimeFormat(i18n.language, { weekday: 'short', timeZone: 'UTC' });
    return Object.fromEntries(DAYS.map((one, place) => [one, day.format(MONDAY + place * 86_400_000)]));
  }, [i18n.language]);
  const keep = async (change: Change) => {
    const { zone, from, to, days, off_days, pause_until } = { ...quiet, ...change };
    try {
      const kept = await api.put('/me/quiet', { zone: zone ?? here(), from, to, days, off_days, pause_until });
      queries.setQueryData(['quiet'], kept);
    } catch (fault) {
      say.problem(fault);
      void queries.invalidateQueries({ queryKey: ['quiet'] });
    }
  };
  const time = (field: 'from' | 'to') => (
    <TextInput
      key={quiet[field]}
      type="time"
      size="xs"
      label={t(`quiet.${field}`)}
      defaultValue={quiet[field]}
      onBlur={(event) => {
        const value = event.currentTarget.value;
        if (value && value !== quiet[field]) void keep({ [field]: value });
      }}
    />
  );
  const tomorrow = () => {
    const at = new Date();
    at.setDate(at.getDate() + 1);
    at.setHours(8, 0, 0, 0);
    return at.toISOString();
  };
  const nightly = quiet.days.length > 0;
  const chips = (field: 'days' | 'off_days', label: string) => (
    <Chip.Group multiple value={quiet[field]} onChange={(value) => void keep({ [field]: value })}>
      <Group gap={6} role="group" aria-label={label}>
        {DAYS.map((day) => (
          <Chip key={day} value={day} size="xs">
            {named[day]}
          </Chip>
        ))}
      </Group>
    </Chip.Group>
  );
  return (
    <>
      <div className={c.choice} role="status">
        <div>
          <b>
            {quiet.quiet_until ? <BellOff size={14} aria-hidden /> : <BellRing size={14} aria-hidden />}{' '}
            {quiet.quiet_until ? t('quiet.now', { when: f.precise(quiet.quiet_until) }) : t('quiet.not_now')}
          </b>
          <small>{t('quiet.badge')}</small>
        </div>
        {quiet.pause_until ? (
          <Button size="compact-sm" variant="default" onClick={() => void keep({ pause_until: null })}>
            {t('quiet.resume')}
          </Button>
        ) : (
          <Group gap="xs">
            <Button
              size="compact-sm"
              variant="default"
              onClick={() => void keep({ pause_until: new Date(Date.now() + 3_600_000).toISOString() })}
            >
              {t('quiet.hour')}
            </Button>
            <Button size="compact-sm" variant="default" onClick={() => void keep({ pause_until: tomorrow() })}>
              {t('quiet.tomorrow')}
            </Button>
          </Group>
        )}
      </div>
      <div className={c.choice}>
        <div>
          <b id="quiet-hours">{t('quiet.hours')}</b>
          <small>{t('quiet.hours_lead')}</small>
        </div>
        <Switch
          aria-labelledby="quiet-hours"
          checked={nightly}
          onChange={(event) => void keep({ days: event.currentTarget.checked ? [...DAYS] : [] })}
        />
      </div>
      {nightly && (
        <div className={c.choice}>
          {chips('days', t('quiet.days'))}
          <Group gap="sm" align="flex-end">
            {time('from')}
            {time('to')}
          </Group>
        </div>
      )}
      <div className={c.choice}>
        <div>
          <b>{t('quiet.off_days')}</b>
          <small>{t('quiet.off_days_lead')}</small>
        </div>
        {chips('off_days', t('quiet.off_days'))}
      </div>
      <div className={c.choice}>
        <div>
          <b id="quiet-zone">{t('quiet.zone')}</b>
          <small>{t('quiet.zone_lead')}</small>
        </div>
        <Select
          size="xs"
          searchable
          aria-labelledby="quiet-zone"
          data={zones}
          value={quiet.zone ?? here()}
          allowDeselect={false}
          onChange={(zone) => zone && void keep({ zone })}
        />
      </div>
    </>
  );
}
