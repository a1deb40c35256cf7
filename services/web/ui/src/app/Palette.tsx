import '@mantine/spotlight/styles.css';
import { Kbd } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { Spotlight, createSpotlight } from '@mantine/spotlight';
import { useMantineColorScheme } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useParams } from '@tanstack/react-router';
import {
  Building2,
  Columns3,
  FileUp,
  Flag,
  Handshake,
  Keyboard,
  Languages,
  MessageSquareText,
  MessagesSquare,
  Moon,
  Plus,
  Search,
  Sun,
  UserPlus,
  type LucideIcon,
} from 'lucide-react';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '../api/client';
import type { Deal, Found } from '../api/types';
import { useStageMove } from '../deals/useStageMove';
import { chooseLocale } from './AccountMenu';
import { LOCALE_NAMES, LOCALES, spoken } from './i18n';
import { places } from './nav';
import { remember, remembered } from './preferences';
import { queries, useMe } from './queries';

const [store, palette] = createSpotlight();
const ICONS: Record<Found['kind'], LucideIcon> = { account: Building2, deal: Columns3, partner: Handshake };

const isMarked = () => document.querySelector(`#${store.getState().listId} [data-selected]`) !== null;

interface Entry {
  id: string;
  group: string;
  label: string;
  note?: string;
  icon: LucideIcon;
  keys?: string;
  act: () => void;
}

/**
 * Go anywhere, make anything: ⌘K.
 *
 * It stays once it was asked for: `calls` counts how often, and each time opens it, also while it is closing.
 */
export default function Palette({ calls, onShortcuts }: { calls: number; onShortcuts: () => void }) {
  const { t } = useTranslation();
  const me = useMe();
  const navigate = useNavigate();
  const { setColorScheme } = useMantineColorScheme();
  const { deal } = useParams({ strict: false });
  const { move, dialog } = useStageMove();
  const [text, setText] = useState('');
  const [asked] = useDebouncedValue(text.trim(), 120);
  const found = useQuery({
    queryKey: ['search', asked],
    queryFn: ({ signal }) => api.read('/search', { q: asked }, signal),
    enabled: asked.length > 1,
    placeholderData: (before) => before,
  });
  useEffect(() => palette.open(), [calls]);

  const recent = remembered<Found[]>(`recent.${me.organisation.id}`, []);
  const visit = (one: Found) => {
    remember(
      `recent.${me.organisation.id}`,
      [one, ...recent.filter((other) => other.id !== one.id)].slice(0, 5),
    );
    if (one.kind === 'deal') void navigate({ to: '/deals/$deal', params: { deal: one.id } });
    if (one.kind === 'account') void navigate({ to: '/accounts', search: { open: one.id } });
    if (one.kind === 'partner') void navigate({ to: '/partners', search: { open: one.id } });
  };
  const record =
    (group: string) =>
    (one: Found): Entry => ({
      id: `${group}-${one.id}`,
      group,
      label: one.title,
      note: one.subtitle ?? t(`kind.${one.kind}`),
      icon: ICONS[one.kind],
      act: () => visit(one),
    });
  const open = deal ? queries.getQueryData<Deal>(['deal', deal]) : undefined;
  const entries: Entry[] = [
    ...(asked.length > 1
      ? (found.data?.items ?? []).map(record(t('palette.found')))
      : recent.map(record(t('palette.recent')))),
    ...(open?.rooms ?? []).map((room) => ({
      id: `room-${room.id}`,
      group: t('palette.this_deal'),
      label: room.kind === 'topic' ? room.title : t(`room.${room.kind}`),
      note: room.audience.map((one) => one.name).join(', '),
      icon: MessagesSquare,
      act: () => void navigate({ to: '/deals/$deal', params: { deal: open!.id }, search: { room: room.id } }),
    })),
    ...(open?.next_stages ?? []).map((stage) => ({
      id: `stage-${stage}`,
      group: t('palette.this_deal'),
      label: t('palette.move', { stage: t(`stage.${stage}`) }),
      icon: Flag,
      act: () => move(open!, stage),
    })),
    ...places(me).map((place) => ({
      id: place.to,
      group: t('palette.go'),
      label: t(`nav.${place.word}`),
      icon: place.icon,
      keys: `g ${place.key}`,
      act: () => void navigate({ to: place.to }),
    })),
    ...(me.can.includes('deal.create')
      ? [
          {
            id: 'new-deal',
            group: t('palette.make'),
            label: t('deals.new'),
            icon: Plus,
            keys: 'n',
            act: () => void navigate({ to: '/deals', search: { new: 'deal' } }),
          },
        ]
      : []),
    ...(me.can.includes('partnership.run')
      ? [
          {
            id: 'invite',
            group: t('palette.make'),
            label: t('partners.invite'),
            icon: UserPlus,
            act: () => void navigate({ to: '/partners', search: { open: 'new' } }),
          },
        ]
      : []),
    ...(me.can.includes('account.import')
      ? [
          {
            id: 'import',
            group: t('palette.make'),
            label: t('imports.title'),
            icon: FileUp,
            act: () => void navigate({ to: '/accounts/import' }),
          },
        ]
      : []),
    ...LOCALES.filter((locale) => locale !== spoken()).map((locale) => ({
      id: `speak-${locale}`,
      group: t('palette.prefer'),
      label: t('palette.speak', { language: LOCALE_NAMES[locale] }),
      icon: Languages,
      act: () => void chooseLocale(locale),
    })),
    {
      id: 'light',
      group: t('palette.prefer'),
      label: t('palette.light'),
      icon: Sun,
      act: () => setColorScheme('light'),
    },
    {
      id: 'dark',
      group: t('palette.prefer'),
      label: t('palette.dark'),
      icon: Moon,
      act: () => setColorScheme('dark'),
    },
    {
      id: 'keys',
      group: t('palette.prefer'),
      label: t('keys.title'),
      icon: Keyboard,
      keys: '?',
      act: onShortcuts,
    },
    // Last: it takes whatever was written, and nothing that has a place of its own must wait behind it.
    {
      id: 'messages',
      group: t('palette.go'),
      label: asked ? t('search.messages_for', { text: text.trim() }) : t('search.messages'),
      icon: MessageSquareText,
      act: () => void navigate({ to: '/search', search: { q: text.trim() || undefined } }),
    },
  ];
  const needle = text.trim().toLowerCase();
  const fits = (entry: Entry) =>
    !needle ||
    entry.id.startsWith(t('palette.found')) ||
    `${entry.label} ${entry.note ?? ''}`.toLowerCase().includes(needle);
  const shown = entries.filter(fits);
  const groups = [...new Set(shown.map((entry) => entry.group))];
  return (
    <>
      {dialog}
      <Spotlight.Root
        store={store}
        query={text}
        onQueryChange={setText}
        shortcut={null}
        scrollable
        maxHeight="min(440px, 60dvh)"
        radius="lg"
        centered={false}
        yOffset="12dvh"
        overlayProps={{ backgroundOpacity: 0.35, blur: 0 }}
        aria-label={t('palette.open')}
      >
        <Spotlight.Search
          placeholder={t('palette.hint')}
          aria-label={t('palette.open')}
          leftSection={<Search size={17} />}
          onKeyDown={(event) => {
            // The list marks what Enter takes a moment after it changes; who is faster takes the first.
            if (event.key !== 'Enter' || event.nativeEvent.isComposing || isMarked()) return;
            shown[0]?.act();
            palette.close();
          }}
        />
        <Spotlight.ActionsList>
          {groups.map((group) => (
            <Spotlight.ActionsGroup key={group} label={group}>
              {shown
                .filter((entry) => entry.group === group)
                .map((entry) => (
                  <Spotlight.Action
                    key={entry.id}
                    label={entry.label}
                    description={entry.note}
                    leftSection={<entry.icon size={16} strokeWidth={1.7} aria-hidden />}
                    rightSection={
                      entry.keys ? (
                        <span aria-hidden>
                          {entry.keys.split(' ').map((key) => (
                            <Kbd key={key} size="xs" ml={3}>
                              {key}
                            </Kbd>
                          ))}
                        </span>
                      ) : null
                    }
                    onClick={entry.act}
                  />
                ))}
            </Spotlight.ActionsGroup>
          ))}
          {shown.length === 0 && <Spotlight.Empty>{t('palette.none')}</Spotlight.Empty>}
        </Spotlight.ActionsList>
      </Spotlight.Root>
    </>
  );
}
