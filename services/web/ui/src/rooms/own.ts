import { useQuery } from '@tanstack/react-query';
import { useCallback, useEffect, useRef } from 'react';
import { api } from '../api/client';
import type { RoomOwn } from '../api/types';
import { remember, remembered } from '../app/preferences';
import { queries, useMe } from '../app/queries';
import { say } from '../parts/say';

const KEEP_MS = 900;

const key = (room: string) => ['room-own', room];

/** What one keeps of a room for oneself; other devices of ours hint when they change it. */
export const useRoomOwn = (room: string, wanted = true) =>
  useQuery({ queryKey: key(room), queryFn: () => api.read(`/rooms/${room}/own`), enabled: wanted });

/** Says which notices come of a room; shown at once, and taken back if the hub refuses. */
export async function chooseLevel(room: string, level: RoomOwn['level']) {
  const before = queries.getQueryData<RoomOwn>(key(room));
  queries.setQueryData<RoomOwn>(key(room), (own) => own && { ...own, level });
  try {
    queries.setQueryData(key(room), await api.patch(`/rooms/${room}/own`, { level }));
  } catch (fault) {
    queries.setQueryData(key(room), before);
    say.problem(fault);
  }
}

const placeOf = (person: string, room: string, thread?: number) =>
  `draft.${person}.${room}${thread === undefined ? '' : `.${thread}`}`;

/** Puts words into the draft of a room that is not open, behind those that stand there. */
export function putIntoDraft(person: string, room: string, words: string) {
  const place = placeOf(person, room);
  const before = remembered(place, '').trimEnd();
  remember(place, before ? `${before}\n\n${words}` : words);
  remember(`${place}.waits`, true);
}

/**
 * The draft of a room: held in this browser at once, on the hub a moment later, and taken from there when another
 * device wrote it and nothing of ours waits. A thread's draft stays in this browser.
 */
export function useDraft(room: string, thread: number | undefined, adopt: (body: string) => void) {
  const me = useMe();
  // Whoever signs in next in this browser finds nothing of it.
  const place = placeOf(me.person.id, room, thread);
  const shared = thread === undefined;
  const own = useRoomOwn(room, shared);
  const held = useRef(remembered(place, ''));
  const waits = useRef<boolean>(shared && remembered(`${place}.waits`, false));
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  const taken = useRef(adopt);
  taken.current = adopt;

  const flush = useCallback(async () => {
    clearTimeout(timer.current);
    if (!waits.current) return;
    const draft = held.current;
    try {
      const kept = await api.patch(`/rooms/${room}/own`, { draft });
      if (held.current !== draft) return;
      waits.current = false;
      remember(`${place}.waits`, false);
      queries.setQueryData(key(room), kept);
    } catch {
      // It waits here; the next word, or the next visit, tries again.
    }
  }, [room, place]);
  const write = useCallback(
    (body: string) => {
      held.current = body;
      remember(place, body);
      if (!shared) return;
      waits.current = true;
      remember(`${place}.waits`, true);
      clearTimeout(timer.current);
      // What was sent is no draft any more, on no device.
      timer.current = setTimeout(() => void flush(), body ? KEEP_MS : 0);
    },
    [place, shared, flush],
  );
  useEffect(() => {
    const leave = () => void flush();
    if (waits.current) leave();
    document.addEventListener('visibilitychange', leave);
    return () => {
      document.removeEventListener('visibilitychange', leave);
      leave();
    };
  }, [flush]);
  useEffect(() => {
    if (!own.data || waits.current) return;
    const told = own.data.draft ?? '';
    if (told === held.current) return;
    held.current = told;
    remember(place, told);
    taken.current(told);
  }, [own.data, place]);
  return { first: held.current, write };
}
