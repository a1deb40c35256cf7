import { useQuery } from '@tanstack/react-query';
import { AtSign, Building2 } from 'lucide-react';
import { useMemo, useState, type KeyboardEvent, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '../api/client';
import type { Room } from '../api/types';
import { useMe } from '../app/queries';
import { Face } from '../parts/Face';
import { useCommands } from './commands';
import { seekEmoji, usedEmoji } from './emoji';
import { ALL, asked, call, calls, matching, MOST_CALLED, type Callable, type Words } from './mentions';

/** One line of what the field offers. */
export interface Offer {
  key: string;
  icon: ReactNode;
  label: string;
  what?: string;
  pick: () => void;
}

const MOST = 8;

/** Whom one may call here: everybody, the sides, and people as the hub tells them. */
export function useCallable(room: Room, part: string | null): Callable[] {
  const { t } = useTranslation();
  const me = useMe();
  const { data } = useQuery({
    queryKey: ['callable', room.id, part?.split(' ')[0] ?? ''],
    queryFn: () => api.read(`/rooms/${room.id}/people`, { q: part?.split(' ')[0] || undefined }),
    enabled: part !== null,
    staleTime: 30_000,
    placeholderData: (before) => before,
  });
  return useMemo(() => {
    const sides = room.audience.length > 1 ? room.audience : [];
    const people = (data?.items ?? []).filter((one) => one.user !== me.person.id);
    return [
      ...people.map((one) => ({ id: one.user, name: one.name, aside: one.organisation_name })),
      ...sides.map((one) => ({ id: one.id, name: one.name, aside: t('mention.side') })),
      { id: ALL, name: t('mention.all'), aside: t('mention.all_what') },
    ];
  }, [data, room.audience, me.person.id, t]);
}

interface Given {
  room: Room;
  words: Words;
  caret: number;
  change: (words: Words, caret?: number) => void;
  /** Whether a slash offers commands here. */
  commands: boolean;
  /** What `+:` reacts to. */
  onReact?: (emoji: string) => void;
}

/** What a field offers while one writes: commands, people and sides, emoji. */
export function useOffers({ room, words, caret, change, commands, onReact }: Given) {
  const { t } = useTranslation();
  const [at, setAt] = useState(0);
  const [hidden, setHidden] = useState(false);
  const known = useCommands();
  const { text } = words;
  const slash = commands && text.startsWith('/') && !text.includes('\n');
  const question = useMemo(() => (slash ? null : asked(text, caret)), [slash, text, caret]);
  const callable = useCallable(room, question?.what === 'person' ? question.part : null);

  const offers = (): Offer[] => {
    if (hidden) return [];
    if (slash)
      return known.matching(text).map((command) => ({
        key: command.text,
        icon: <command.Icon size={15} aria-hidden />,
        label: command.text,
        what: command.what,
        pick: () => {
          change({ text: '', called: {} });
          command.act();
        },
      }));
    if (!question) return [];
    const { from, part } = question;
    if (question.what === 'person') {
      const full = calls(words).length >= MOST_CALLED;
      return matching(callable, part)
        .slice(0, MOST)
        .map((who) => ({
          key: who.id,
          icon:
            who.id === ALL ? (
              <AtSign size={15} aria-hidden />
            ) : who.id.startsWith('org_') ? (
              <Building2 size={15} aria-hidden />
            ) : (
              <Face name={who.name} size={20} />
            ),
          label: who.name,
          what: full ? t('mention.full', { count: MOST_CALLED }) : who.aside,
          pick: () => {
            if (full) return;
            const next = call(words, question, caret, who);
            change(next, next.caret);
          },
        }));
    }
    if (question.what === 'reaction' && !onReact) return [];
    const reacts = question.what === 'reaction';
    return seekEmoji(part)
      .slice(0, MOST)
      .map(({ sign, names }) => ({
        key: sign,
        icon: <span aria-hidden>{sign}</span>,
        label: names.split('|')[0].split(' ').slice(0, 2).join(' '),
        what: reacts ? t('reaction.last') : undefined,
        pick: () => {
          usedEmoji(sign);
          if (!reacts)
            return change(
              { ...words, text: `${text.slice(0, from)}${sign} ${text.slice(caret)}` },
              from + sign.length + 1,
            );
          change({ text: '', called: {} });
          onReact?.(sign);
        },
      }));
  };
  const all = offers();
  const place = Math.min(at, all.length - 1);
  /** Takes the keys that belong to the list while it is shown; says whether it did. */
  const take = (event: KeyboardEvent): boolean => {
    if (all.length === 0) return false;
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      const step = event.key === 'ArrowDown' ? 1 : -1;
      setAt((place + step + all.length) % all.length);
    } else if ((event.key === 'Enter' && !event.shiftKey) || event.key === 'Tab') {
      all[place].pick();
    } else if (event.key === 'Escape') {
      setHidden(true);
    } else {
      return false;
    }
    event.preventDefault();
    event.stopPropagation();
    return true;
  };
  return {
    all,
    place,
    take,
    point: setAt,
    hide: setHidden,
    title: t(slash ? 'command.title' : question?.what === 'person' ? 'mention.title' : 'emoji.title'),
    fresh: () => {
      setAt(0);
      setHidden(false);
    },
  };
}
