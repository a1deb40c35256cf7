import { expect, it } from 'vitest';
import type { CallState, Frame } from '../api/socket';
import { difference, going, isPolite, lasted } from './model';

const state = (call: string | null, revision: number, ...seats: string[]): Frame & CallState =>
  ({
    t: 'call',
    room: 'room_1',
    call,
    revision,
    since: 0,
    by: 'per_1',
    by_name: 'Ana',
    most: 4,
    seats: seats.map((seat) => ({ seat })),
  }) as never;

it('what is older than what is known is passed over, and a new call is not', () => {
  const two = going({}, state('call_1', 2, 'a', 'b'));
  expect(going(two, state('call_1', 1, 'a'))).toBe(two);
  expect(going(two, state('call_1', 2, 'a')).room_1.seats).toHaveLength(1);
  expect(going(two, state('call_2', 1, 'c')).room_1.call).toBe('call_2');
});

it('a call is gone with its end, its note in the log, or the room', () => {
  const one = going({}, state('call_1', 1, 'a'));
  expect(going(one, state(null, 0))).toEqual({});
  expect(going(one, { t: 'revoked', room: 'room_1', reason: 'removed' })).toEqual({});
  const note = (call: string) => ({ t: 'ev', room: 'room_1', kind: 'call', detail: { call } }) as never;
  expect(going(one, note('call_0'))).toBe(one);
  expect(going(one, note('call_1'))).toEqual({});
  expect(going(one, { t: 'welcome', id: 1, user: 'per_1', conn: 'c1', hb_ms: 1 })).toEqual({});
  expect(going(one, { t: 'revoked', room: 'room_2', reason: 'removed' })).toBe(one);
});

it('one connects to who came and lets go of who went, never to oneself', () => {
  const told = state('call_1', 3, 'me', 'b', 'c');
  expect(difference(['a', 'b'], told, 'me')).toEqual({ came: ['c'], went: ['a'] });
});

it('of two exactly one is polite', () => {
  expect(isPolite('seat_a', 'seat_b')).toBe(false);
  expect(isPolite('seat_b', 'seat_a')).toBe(true);
});

it('a clock shows hours once there are some', () => {
  expect([lasted(-5), lasted(61_000), lasted(3_723_000)]).toEqual(['00:00', '01:01', '1:02:03']);
});
