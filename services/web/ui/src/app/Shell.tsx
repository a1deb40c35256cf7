import { AppShell, Burger, Kbd, Tooltip, UnstyledButton, ActionIcon } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { Link, Outlet, useLocation, useNavigate } from '@tanstack/react-router';
import { Bell, Search, WifiOff } from 'lucide-react';
import { lazy, Suspense, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { followHints } from '../api/hints';
import { socket } from '../api/socket';
import { CallDock } from '../calls/CallDock';
import { useUnreadDirects } from '../messages/directs';
import { renew } from '../push/device';
import { outbox } from '../rooms/outbox';
import { useSocketStatus } from '../rooms/stream';
import { AccountMenu } from './AccountMenu';
import { useKeys } from './keys';
import markUrl from './mark.svg';
import { places } from './nav';
import { queries, useMe } from './queries';
import c from './shell.module.css';

const Palette = lazy(() => import('./Palette'));
const Shortcuts = lazy(() => import('./Shortcuts'));

export function Shell() {
  const { t } = useTranslation();
  const me = useMe();
  const navigate = useNavigate();
  const { pathname } = useLocation();
  const [menu, drawer] = useDisclosure();
  const [palette, setPalette] = useState(0);
  const callPalette = () => setPalette((calls) => calls + 1);
  const [sheet, setSheet] = useState(false);
  const all = places(me);
  const unread = useUnreadDirects();

  useEffect(() => {
    void outbox.open(`${me.person.id}@${me.organisation.id}`);
    const stop = followHints(queries);
    socket.start();
    const wake = () => socket.wake();
    // Whoever is told on a device is told there as whom they act now; it works as well without.
    void renew().catch(() => {});
    window.addEventListener('online', wake);
    return () => {
      window.removeEventListener('online', wake);
      stop();
      socket.stop();
    };
  }, [me.person.id, me.organisation.id]);
  useEffect(() => {
    const go = ({ data }: MessageEvent<{ go?: string }>) => data.go && void navigate({ href: data.go });
    navigator.serviceWorker?.addEventListener('message', go);
    return () => navigator.serviceWorker?.removeEventListener('message', go);
  }, [navigate]);
  useEffect(() => drawer.close(), [pathname, drawer.close]);
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      if (!(event.metaKey || event.ctrlKey) || event.key.toLowerCase() !== 'k') return;
      event.preventDefault();
      callPalette();
    };
    window.addEventListener('keydown', press);
    return () => window.removeEventListener('keydown', press);
  }, []);
  useKeys({
    '?': () => setSheet(true),
    '/': callPalette,
    n: () => void navigate({ to: '/deals', search: { new: 'deal' } }),
    ...Object.fromEntries(all.map((place) => [`g ${place.key}`, () => void navigate({ to: place.to })])),
  });

  const link = (place: (typeof all)[number]) => (
    <Tooltip
      key={place.to}
      label={
        <span>
          {t(`nav.${place.word}`)} <kbd>g</kbd> <kbd>{place.key}</kbd>
        </span>
      }
      position="right"
      openDelay={700}
    >
      <Link
        to={place.to}
        className={c.link}
        activeProps={{ 'data-active': true, 'aria-current': 'page' } as object}
      >
        <place.icon size={17} strokeWidth={1.7} aria-hidden />
        <span>{t(`nav.${place.word}`)}</span>
        {place.word === 'messages' && unread > 0 && (
          <b aria-label={t('deals.unread', { count: unread })}>{unread > 99 ? '99+' : unread}</b>
        )}
        {place.word === 'inbox' && me.unread_notifications > 0 && (
          <b aria-label={t('inbox.unread', { count: me.unread_notifications })}>{me.unread_notifications}</b>
        )}
      </Link>
    </Tooltip>
  );
  return (
    <AppShell
      header={{ height: 52 }}
      navbar={{ width: 208, breakpoint: 'sm', collapsed: { mobile: !menu } }}
      padding={0}
    >
      <a href="#main" className={c.skip}>
        {t('shell.skip')}
      </a>
      <AppShell.Header className={c.bar}>
        <Burger
          opened={menu}
          onClick={drawer.toggle}
          hiddenFrom="sm"
          size="sm"
          aria-label={t('shell.menu')}
        />
        <Link to="/deals" className={c.brand} aria-label="Entente">
          <img src={markUrl} alt="" width={24} height={24} />
          <span>Entente</span>
        </Link>
        <UnstyledButton className={c.search} onClick={callPalette} aria-label={t('palette.open')}>
          <Search size={15} aria-hidden />
          <span>{t('palette.open')}</span>
          <Kbd size="xs" className={c.hint}>
            {/Mac/.test(navigator.platform) ? '⌘K' : 'Ctrl K'}
          </Kbd>
        </UnstyledButton>
        <Connection />
        <span className={c.bell}>
          <ActionIcon
            component={Link}
            to="/inbox"
            aria-label={
              me.unread_notifications ? t('inbox.unread', { count: me.unread_notifications }) : t('nav.inbox')
            }
          >
            <Bell size={17} strokeWidth={1.7} />
          </ActionIcon>
          {me.unread_notifications > 0 && (
            <b aria-hidden>{me.unread_notifications > 99 ? '99+' : me.unread_notifications}</b>
          )}
        </span>
        <AccountMenu onShortcuts={() => setSheet(true)} />
      </AppShell.Header>
      <AppShell.Navbar className={c.nav} aria-label={t('shell.places')}>
        {all.filter((place) => place.group === 'work').map(link)}
        <h2 className={c.group}>{t('shell.house', { name: me.organisation.name })}</h2>
        {all.filter((place) => place.group === 'house').map(link)}
      </AppShell.Navbar>
      <AppShell.Main className={c.main} id="main">
        <Outlet />
      </AppShell.Main>
      <nav className={c.bottom} aria-label={t('shell.quick')}>
        {all
          .filter((place) => place.bottom)
          .map((place) => (
            <Link
              key={place.to}
              to={place.to}
              activeProps={{ 'data-active': true, 'aria-current': 'page' } as object}
            >
              <place.icon size={20} strokeWidth={1.7} aria-hidden />
              <span>{place.word === 'deals' ? t('nav.deals_short') : t(`nav.${place.word}`)}</span>
            </Link>
          ))}
      </nav>
      <CallDock />
      <Suspense>
        {palette > 0 && <Palette calls={palette} onShortcuts={() => setSheet(true)} />}
        {sheet && <Shortcuts onClose={() => setSheet(false)} />}
      </Suspense>
    </AppShell>
  );
}

/** Says only something when the live connection is missing for longer than a blink. */
function Connection() {
  const { t } = useTranslation();
  const status = useSocketStatus();
  const [late, setLate] = useState(false);
  const missing = status !== 'live';
  useEffect(() => {
    if (!missing) return setLate(false);
    const timer = setTimeout(() => setLate(true), 2_500);
    return () => clearTimeout(timer);
  }, [missing]);
  return (
    <span className={c.offline} role="status">
      {late && (
        <>
          <WifiOff size={14} aria-hidden /> <span>{t('shell.offline')}</span>
        </>
      )}
    </span>
  );
}
