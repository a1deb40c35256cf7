import type { EventPage, RoomEvent } from './types';
import type { Cursor } from './socket';

/** What this page holds of a room: an unbroken run of events, never with a hole. */
export interface Log {
  epoch: string;
  /** The first seq that the reader may see at all. */
  first: number;
  events: RoomEvent[];
}

export const EMPTY: Log = { epoch: '', first: 1, events: [] };

export const last = (log: Log) => log.events.at(-1)?.seq ?? log.first - 1;
export const cursor = (log: Log): Cursor | undefined =>
  log.epoch ? { epoch: log.epoch, seq: last(log) } : undefined;
/** Whether older events can still be asked for. */
export const hasOlder = (log: Log) => log.events.length > 0 && log.events[0].seq > log.first;

export type Heard = 'added' | 'known' | 'gap';

/** Takes one live event: appends the next one, forgets a double, and reports a hole. */
export function hear(log: Log, event: RoomEvent): [Log, Heard] {
  if (event.seq <= last(log)) return [log, 'known'];
  if (event.seq > last(log) + 1) return [log, 'gap'];
  return [{ ...log, events: forget([...log.events, event], event) }, 'added'];
}

/** What was taken back is not kept either: neither its words nor its better ones. */
function forget(events: RoomEvent[], event: RoomEvent) {
  if (event.kind !== 'redact') return events;
  const said = (one: RoomEvent) =>
    (one.kind === 'msg' && one.seq === event.target) || (one.kind === 'edit' && one.target === event.target);
  return events.map((one) => (said(one) ? { ...one, body: undefined, detail: undefined } : one));
}

/** Takes a page of history. Another epoch starts the log anew; a page that does not touch is refused. */
export function join(log: Log, page: EventPage): Log {
  const start: Log = { epoch: page.epoch, first: page.first, events: [] };
  if (log.epoch !== page.epoch || log.events.length === 0) {
    return { ...start, events: unbroken(page.items) };
  }
  // What the log has lost at its beginning is not kept here either.
  const held = log.events.filter((event) => event.seq >= page.first);
  if (held.length === 0) return { ...start, events: unbroken(page.items) };
  const known = new Map(held.map((event) => [event.seq, event]));
  for (const event of page.items) known.set(event.seq, event);
  const merged = unbroken([...known.values()].sort((a, b) => a.seq - b.seq));
  const touches = merged.at(-1)!.seq >= last(log) || page.items.length === 0;
  return touches ? { ...start, events: merged } : { ...start, events: unbroken(page.items) };
}

/** The longest unbroken run at the end. */
function unbroken(events: RoomEvent[]) {
  let from = events.length - 1;
  while (from > 0 && events[from - 1].seq === events[from].seq - 1) from -= 1;
  return events.slice(Math.max(from, 0));
}
