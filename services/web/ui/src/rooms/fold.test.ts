import { expect, it } from 'vitest';
import type { RoomEvent } from '../api/types';
import type { Own } from './about';
import { firstUnread, fold, type Reading } from './fold';

const NOON = new Date(2026, 10, 20, 12).getTime();
const said = (seq: number, author: string, minutes: number, more: Partial<RoomEvent> = {}): RoomEvent => ({
  room: 'room_1',
  seq,
  kind: 'msg',
  author,
  name: author,
  organisation: null,
  organisation_name: null,
  at: NOON + minutes * 60_000,
  body: `said ${seq}`,
  ...more,
});
const reading = (more: Partial<Reading> = {}): Reading => ({
  pending: [],
  own: [],
  readTo: 99,
  older: false,
  me: { user: 'vera', name: 'Vera' },
  ...more,
});
const shape = (rows: ReturnType<typeof fold>) =>
  rows.map((row) =>
    row.is === 'event' || row.is === 'message' ? `${row.event.seq}${row.follows ? '+' : ''}` : row.is,
  );
const messages = (rows: ReturnType<typeof fold>) =>
  rows.flatMap((row) => (row.is === 'message' ? [row.said] : []));
const own = (act: Partial<Own> & { act: Own['act'] }): Own =>
  ({ cid: 'c', state: 'waiting', target: 1, ...act }) as Own;

it('sets days apart and puts messages of one breath together', () => {
  const rows = fold(
    [
      said(1, 'bruno', 0),
      said(2, 'bruno', 1),
      said(3, 'vera', 2),
      said(4, 'bruno', 3),
      said(5, 'bruno', 24 * 60),
    ],
    reading(),
  );
  expect(shape(rows)).toEqual(['day', '1', '2+', '3', '4', 'day', '5']);
});

it('draws one line above the first unread event of somebody else', () => {
  const rows = fold(
    [said(1, 'bruno', 0), said(2, 'vera', 1), said(3, 'bruno', 2), said(4, 'bruno', 3)],
    reading({ readTo: 1 }),
  );
  expect(shape(rows)).toEqual(['day', '1', '2', 'unread', '3', '4+']);
});

it('draws no line where the first unread message was not loaded, nor for what is about an old one', () => {
  const late = [said(41, 'bruno', 0), said(42, 'bruno', 1)];
  expect(firstUnread(late, reading({ readTo: 7, older: true }))).toBeUndefined();
  expect(firstUnread(late, reading({ readTo: 40, older: true }))).toBe(41);
  expect(firstUnread(late, reading({ readTo: 7 }))).toBe(41);
  const liked = said(43, 'bruno', 2, {
    kind: 'react',
    target: 41,
    body: undefined,
    detail: { emoji: '👍', on: true } as never,
  });
  expect(firstUnread([...late, liked], reading({ readTo: 42 }))).toBeUndefined();
});

it('applies edits and redactions where the message stands', () => {
  const rows = fold(
    [
      said(1, 'bruno', 0),
      said(2, 'vera', 1),
      said(3, 'bruno', 2, { kind: 'edit', target: 1, body: 'mended' }),
      said(4, 'vera', 3, { kind: 'redact', target: 2, body: undefined }),
      said(5, 'bruno', 4, { kind: 'edit', target: 1, body: 'mended twice' }),
    ],
    reading(),
  );
  expect(messages(rows).map(({ body, edited, gone }) => [body, edited, gone])).toEqual([
    ['mended twice', true, false],
    [undefined, false, true],
  ]);
});

it('an answer begins anew, and its message counts it', () => {
  const rows = fold([said(1, 'bruno', 0), said(2, 'bruno', 1, { target: 1 })], reading());
  expect(shape(rows)).toEqual(['day', '1', '2']);
  expect(messages(rows).map((one) => [one.replies, one.repliedAt])).toEqual([
    [1, NOON + 60_000],
    [0, undefined],
  ]);
});

it('shows what one did before the hub tells it, and what the hub refused as it was', () => {
  const log = [said(1, 'vera', 0)];
  const waits = fold(log, reading({ own: [own({ act: 'edit', body: 'better' })] }));
  expect(messages(waits)[0]).toMatchObject({ body: 'better', edited: true, waits: true });
  const refused = own({ act: 'edit', body: 'better', state: 'failed', code: 'too_long' });
  expect(messages(fold(log, reading({ own: [refused] })))[0]).toMatchObject({
    body: 'said 1',
    edited: false,
    unsaved: { cid: 'c', body: 'better', code: 'too_long' },
  });
  const gone = messages(fold(log, reading({ own: [own({ act: 'redact' })] })))[0];
  expect([gone.gone, gone.body]).toEqual([true, undefined]);
});
