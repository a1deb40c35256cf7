import type { RoomEvent } from '../api/types';
import type { Pending } from './outbox';

const TOGETHER_MS = 5 * 60_000;

export type Row =
  | { is: 'day'; key: string; at: number }
  | { is: 'unread'; key: string }
  | {
      is: 'event';
      key: string;
      event: RoomEvent;
      body?: string;
      edited: boolean;
      gone: boolean;
      follows: boolean;
    }
  | { is: 'pending'; key: string; pending: Pending };

const localDay = (ms: number) => new Date(ms).toDateString();

/** Folds the log into what is shown: edits and redactions applied, days apart, one line above the unread. */
export function fold(events: RoomEvent[], pending: Pending[], readTo: number, me: string): Row[] {
  const edits = new Map<number, string>();
  const gone = new Set<number>();
  for (const event of events) {
    if (event.kind === 'edit' && typeof event.target === 'number' && typeof event.body === 'string')
      edits.set(event.target, event.body);
    if (event.kind === 'redact' && typeof event.target === 'number') gone.add(event.target);
  }
  const rows: Row[] = [];
  let before: RoomEvent | undefined;
  let lined = false;
  for (const event of events) {
    if (['edit', 'redact', 'react', 'pin'].includes(event.kind)) continue;
    const newDay = !before || localDay(before.at) !== localDay(event.at);
    if (newDay) rows.push({ is: 'day', key: `day-${event.seq}`, at: event.at });
    const line = !lined && event.seq > readTo && event.author !== me;
    if (line) {
      lined = true;
      rows.push({ is: 'unread', key: 'unread' });
    }
    const follows =
      !newDay &&
      !line &&
      event.kind === 'msg' &&
      before?.kind === 'msg' &&
      before.author === event.author &&
      before.via === event.via &&
      event.at - before.at < TOGETHER_MS;
    rows.push({
      is: 'event',
      key: String(event.seq),
      event,
      body: edits.get(event.seq) ?? event.body ?? undefined,
      edited: edits.has(event.seq),
      gone: gone.has(event.seq),
      follows,
    });
    before = event;
  }
  for (const one of pending) rows.push({ is: 'pending', key: one.cid, pending: one });
  return rows;
}
