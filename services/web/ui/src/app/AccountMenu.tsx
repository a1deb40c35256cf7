import { Menu, SegmentedControl, UnstyledButton, useMantineColorScheme } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { Check, ChevronsUpDown, Keyboard, LogOut, Settings } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { api } from '../api/client';
import { socket } from '../api/socket';
import type { Locale } from '../api/types';
import { Face } from '../parts/Face';
import { say } from '../parts/say';
import { LOCALE_NAMES, LOCALES, speak, spoken } from './i18n';
import { queries, useMe } from './queries';
import c from './shell.module.css';

/** Who acts, for which organisation; language, theme, and the way out. */
export function AccountMenu({ onShortcuts }: { onShortcuts: () => void }) {
  const { t } = useTranslation();
  const me = useMe();
  const navigate = useNavigate();
  const { colorScheme, setColorScheme } = useMantineColorScheme();

  const switchTo = async (organisation: string) => {
    try {
      await api.post('/switch', { organisation });
      location.assign('/deals');
    } catch (fault) {
      say.problem(fault);
    }
  };
  const signOut = async () => {
    await api.post('/sign-out').catch(() => {});
    socket.stop();
    // What is on screen needs what is known until it is gone.
    await navigate({ to: '/sign-in' });
    queries.clear();
  };
  return (
    <Menu width={264} closeOnItemClick={false}>
      <Menu.Target>
        <UnstyledButton
          className={c.account}
          aria-label={t('shell.account', { name: me.person.name, organisation: me.organisation.name })}
        >
          <Face name={me.person.name} size={28} />
          <span className={c.who}>
            <b>{me.person.name}</b>
            <small>{me.organisation.name}</small>
          </span>
          <ChevronsUpDown size={14} aria-hidden />
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>
          {me.person.email} · {t(`role.${me.role}`)}
        </Menu.Label>
        {me.memberships.length > 1 && <Menu.Label>{t('shell.acting')}</Menu.Label>}
        {me.memberships.length > 1 &&
          me.memberships.map((membership) => (
            <Menu.Item
              key={membership.id}
              leftSection={<Face name={membership.organisation.name} kind="organisation" size={22} />}
              rightSection={
                membership.organisation.id === me.organisation.id ? (
                  <Check size={14} aria-label={t('shell.current')} />
                ) : null
              }
              onClick={() =>
                membership.organisation.id !== me.organisation.id && void switchTo(membership.organisation.id)
              }
            >
              {membership.organisation.name}
            </Menu.Item>
          ))}
        <Menu.Divider />
        <div className={c.choices}>
          <span id="menu-language">{t('settings.language')}</span>
          <SegmentedControl
            fullWidth
            size="xs"
            aria-labelledby="menu-language"
            value={spoken()}
            data={LOCALES.map((value) => ({ value, label: LOCALE_NAMES[value] }))}
            onChange={(value) => void chooseLocale(value as Locale)}
          />
          <span id="menu-theme">{t('settings.theme')}</span>
          <SegmentedControl
            fullWidth
            size="xs"
            aria-labelledby="menu-theme"
            value={colorScheme}
            data={(['light', 'dark', 'auto'] as const).map((value) => ({
              value,
              label: t(`theme.${value}`),
            }))}
            onChange={(value) => setColorScheme(value as 'light' | 'dark' | 'auto')}
          />
        </div>
        <Menu.Divider />
        <Menu.Item
          closeMenuOnClick
          leftSection={<Settings size={15} />}
          onClick={() => void navigate({ to: '/settings' })}
        >
          {t('nav.settings')}
        </Menu.Item>
        <Menu.Item
          closeMenuOnClick
          leftSection={<Keyboard size={15} />}
          rightSection={<kbd>?</kbd>}
          onClick={onShortcuts}
        >
          {t('keys.title')}
        </Menu.Item>
        <Menu.Item closeMenuOnClick leftSection={<LogOut size={15} />} onClick={() => void signOut()}>
          {t('session.out')}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}

/** Speaks at once; the hub remembers it for the next device. */
export async function chooseLocale(locale: Locale) {
  await speak(locale);
  const me = await api.patch('/me', { locale }).catch(() => undefined);
  if (me) queries.setQueryData(['me'], me);
}
