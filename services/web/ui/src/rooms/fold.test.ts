import { expect, it } from 'vitest';
import type { RoomEvent } from '../api/types';
import { fold } from './fold';

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
const shape = (rows: ReturnType<typeof fold>) =>
  rows.map((row) => (row.is === 'event' ? `${row.event.seq}${row.follows ? '+' : ''}` : row.is));

it('sets days apart and puts messages of one breath together', () => {
  const rows = fold(
    [
      said(1, 'bruno', 0),
      said(2, 'bruno', 1),
      said(3, 'vera', 2),
      said(4, 'bruno', 3),
      said(5, 'bruno', 24 * 60),
    ],
    [],
    5,
    'vera',
  );
  expect(shape(rows)).toEqual(['day', '1', '2+', '3', '4', 'day', '5']);
});

it('draws one line above the first unread event of somebody else', () => {
  const rows = fold(
    [said(1, 'bruno', 0), said(2, 'vera', 1), said(3, 'bruno', 2), said(4, 'bruno', 3)],
    [],
    1,
    'vera',
  );
  expect(shape(rows)).toEqual(['day', '1', '2', 'unread', '3', '4+']);
});

it('applies edits and redactions where the message stands', () => {
  const rows = fold(
    [
      said(1, 'bruno', 0),
      said(2, 'vera', 1),
      said(3, 'bruno', 2, { kind: 'edit', target: 1, body: 'mended' }),
      said(4, 'vera', 3, { kind: 'redact', target: 2 }),
    ],
    [],
    9,
    'vera',
  );
  expect(
    rows
      .filter((row) => row.is === 'event')
      .map((row) => row.is === 'event' && [row.body, row.edited, row.gone]),
  ).toEqual([
    ['mended', true, false],
    ['said 2', false, true],
  ]);
});
