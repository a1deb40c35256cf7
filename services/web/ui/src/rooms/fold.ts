import type { RoomEvent } from '../api/types';
import { standings, type Own, type Reader, type Standing } from './about';
import type { Pending } from './outbox';

const TOGETHER_MS = 5 * 60_000;

export type Row =
  | { is: 'day'; key: string; at: number }
  | { is: 'unread'; key: string }
  | { is: 'event'; key: string; event: RoomEvent; follows: boolean }
  | { is: 'message'; key: string; event: RoomEvent; said: Standing; follows: boolean }
  | { is: 'pending'; key: string; pending: Pending };

/** What is about a message is shown with it, and is no row of its own. */
const ABOUT = ['edit', 'redact', 'react', 'pin', 'hide'];
export const isRow = (event: RoomEvent) => !ABOUT.includes(event.kind);

const localDay = (ms: number) => new Date(ms).toDateString();

/** What the reader has of the log besides its events. */
export interface Reading {
  pending: Pending[];
  own: Own[];
  /** How far was read when the room was opened. */
  readTo: number;
  /** Whether older events exist that are not held. */
  older: boolean;
  me: Reader;
}

/** The first event that was not read yet; none if it is not among those held. */
export function firstUnread(events: RoomEvent[], { readTo, older, me }: Reading): number | undefined {
  if (older && events.length > 0 && events[0].seq > readTo + 1) return undefined;
  return events.find((event) => event.seq > readTo && event.author !== me.user && isRow(event))?.seq;
}

/** Folds the log into what is shown: acts applied where they belong, days apart, a line above the unread. */
export function fold(events: RoomEvent[], reading: Reading): Row[] {
  const all = standings(events, reading.own, reading.me);
  const unread = firstUnread(events, reading);
  const rows: Row[] = [];
  let before: RoomEvent | undefined;
  for (const event of events) {
    if (!isRow(event)) continue;
    const newDay = !before || localDay(before.at) !== localDay(event.at);
    if (newDay) rows.push({ is: 'day', key: `day-${event.seq}`, at: event.at });
    const line = event.seq === unread;
    if (line) rows.push({ is: 'unread', key: 'unread' });
    const key = String(event.seq);
    const follows = !newDay && !line && !!before && together(before, event);
    const said = all.get(event.seq);
    rows.push(said ? { is: 'message', key, event, said, follows } : { is: 'event', key, event, follows });
    before = event;
  }
  for (const one of reading.pending) rows.push({ is: 'pending', key: one.cid, pending: one });
  return rows;
}

/** Messages of one breath stand under one name; an answer begins anew, since it shows what it answers. */
const together = (before: RoomEvent, event: RoomEvent) =>
  event.kind === 'msg' &&
  before.kind === 'msg' &&
  before.author === event.author &&
  before.via === event.via &&
  typeof event.target !== 'number' &&
  event.at - before.at < TOGETHER_MS;
