import { SegmentedControl, useMantineColorScheme } from '@mantine/core';
import { Link, useSearch } from '@tanstack/react-router';
import {
  Archive,
  BellOff,
  Building2,
  KeyRound,
  Mail,
  MonitorSmartphone,
  Palette,
  UserRound,
  type LucideIcon,
} from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { api } from '../api/client';
import type { Locale } from '../api/types';
import { chooseLocale } from '../app/AccountMenu';
import { LOCALE_NAMES, LOCALES, spoken } from '../app/i18n';
import { chooseDensity, useDensity } from '../app/preferences';
import { queries, useMe } from '../app/queries';
import type { Density } from '../app/theme';
import { Editable } from '../parts/Editable';
import { Page, Section } from '../parts/Page';
import { MailPart } from './MailPart';
import { NoticesPart } from './NoticesPart';
import { OrganisationPart } from './OrganisationPart';
import { RecordsPart } from './RecordsPart';
import { SessionsPart } from './SessionsPart';
import c from './settings.module.css';
import { TokensPart } from './TokensPart';

const PARTS = {
  profile: UserRound,
  look: Palette,
  notices: BellOff,
  mail: Mail,
  sessions: MonitorSmartphone,
  tokens: KeyRound,
  organisation: Building2,
  records: Archive,
} satisfies Record<string, LucideIcon>;

export function SettingsPage() {
  const { t } = useTranslation();
  const { part = 'profile' } = useSearch({ from: '/shell/settings' });
  return (
    <Page title={t('nav.settings')}>
      <div className={c.split}>
        <nav className={c.parts} aria-label={t('settings.parts')}>
          {Object.entries(PARTS).map(([name, Icon]) => (
            <Link
              key={name}
              to="/settings"
              search={{ part: name }}
              aria-current={name === part ? 'page' : undefined}
            >
              <Icon size={15} strokeWidth={1.7} aria-hidden /> {t(`settings.part.${name}`)}
            </Link>
          ))}
        </nav>
        <div className={c.body}>
          {part === 'profile' && <Profile />}
          {part === 'look' && <Look />}
          {part === 'notices' && <NoticesPart />}
          {part === 'mail' && <MailPart />}
          {part === 'sessions' && <SessionsPart />}
          {part === 'tokens' && <TokensPart />}
          {part === 'organisation' && <OrganisationPart />}
          {part === 'records' && <RecordsPart />}
        </div>
      </div>
    </Page>
  );
}

function Profile() {
  const { t } = useTranslation();
  const me = useMe();
  const rename = async (name: string) => {
    queries.setQueryData(['me'], await api.patch('/me', { name }));
  };
  return (
    <Section title={t('settings.part.profile')}>
      <Editable label={t('field.your_name')} value={me.person.name} onSave={rename} />
      <Editable label={t('field.email')} value={me.person.email} locked onSave={() => {}} />
      <Editable
        label={t('field.role')}
        value={`${t(`role.${me.role}`)} · ${me.organisation.name}`}
        locked
        onSave={() => {}}
      />
    </Section>
  );
}

function Look() {
  const { t } = useTranslation();
  const density = useDensity();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  return (
    <Section title={t('settings.part.look')}>
      <div className={c.choice}>
        <div>
          <b id="set-language">{t('settings.language')}</b>
          <small>{t('settings.language_lead')}</small>
        </div>
        <SegmentedControl
          size="xs"
          aria-labelledby="set-language"
          value={spoken()}
          data={LOCALES.map((value) => ({ value, label: LOCALE_NAMES[value] }))}
          onChange={(value) => void chooseLocale(value as Locale)}
        />
      </div>
      <div className={c.choice}>
        <div>
          <b id="set-theme">{t('settings.theme')}</b>
          <small>{t('settings.theme_lead')}</small>
        </div>
        <SegmentedControl
          size="xs"
          aria-labelledby="set-theme"
          value={colorScheme}
          data={['light', 'dark', 'auto'].map((value) => ({ value, label: t(`theme.${value}`) }))}
          onChange={(value) => setColorScheme(value as 'light')}
        />
      </div>
      <div className={c.choice}>
        <div>
          <b id="set-density">{t('settings.density')}</b>
          <small>{t('settings.density_lead')}</small>
        </div>
        <SegmentedControl
          size="xs"
          aria-labelledby="set-density"
          value={density}
          data={['compact', 'comfortable'].map((value) => ({ value, label: t(`density.${value}`) }))}
          onChange={(value) => chooseDensity(value as Density)}
        />
      </div>
    </Section>
  );
}
