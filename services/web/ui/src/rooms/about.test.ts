import { expect, it } from 'vitest';
import type { RoomEvent } from '../api/types';
import { standings, type Own } from './about';

const VERA = { user: 'vera', name: 'Vera' };
const event = (seq: number, author: string, more: Partial<RoomEvent> = {}): RoomEvent => ({
  room: 'room_1',
  seq,
  kind: 'msg',
  author,
  name: author,
  organisation: null,
  organisation_name: null,
  at: seq,
  ...more,
});
const react = (seq: number, author: string, emoji: string, on: boolean) =>
  event(seq, author, { kind: 'react', target: 1, detail: { emoji, on } as never });
const told = (one?: { reactions: { emoji: string; by: { user: string }[] }[] }) =>
  one?.reactions.map(({ emoji, by }) => [emoji, ...by.map(({ user }) => user)]);

it('counts the last word of each person for each emoji, in the order of the first', () => {
  const log = [
    event(1, 'bruno', { body: 'yes' }),
    react(2, 'bruno', '👍', true),
    react(3, 'vera', '👍', true),
    react(4, 'vera', '🎉', true),
    react(5, 'bruno', '👍', false),
    react(6, 'vera', '🎉', false),
    react(7, 'ines', '👍', true),
    react(8, 'ines', '👍', true),
    react(9, 'vera', '👍', true),
  ];
  expect(told(standings(log, [], VERA).get(1))).toEqual([['👍', 'vera', 'ines']]);
});

it('shows a reaction of ours at once, and takes it back at once', () => {
  const log = [event(1, 'bruno', { body: 'yes' }), react(2, 'vera', '👍', true)];
  const act = (emoji: string, on: boolean): Own => ({
    act: 'react',
    target: 1,
    emoji,
    on,
    cid: emoji,
    state: 'waiting',
  });
  expect(told(standings(log, [act('🎉', true), act('👍', false)], VERA).get(1))).toEqual([['🎉', 'vera']]);
});

it('the last word on a pin counts, and what was taken back holds nothing', () => {
  const pin = (seq: number, on: boolean) =>
    event(seq, 'vera', { kind: 'pin', target: 1, detail: { on } as never });
  const first = event(1, 'bruno', { body: 'address' });
  expect(standings([first, pin(2, true)], [], VERA).get(1)?.pinned).toBe(true);
  expect(standings([first, pin(2, true), pin(3, false)], [], VERA).get(1)?.pinned).toBe(false);
  const gone = event(4, 'bruno', { kind: 'redact', target: 1 });
  const log = [first, pin(2, true), react(3, 'vera', '👍', true), gone];
  expect(standings(log, [], VERA).get(1)).toMatchObject({ gone: true, pinned: false, reactions: [] });
});

it('goes on from what the hub folded, by what came after it', () => {
  const now = { body: 'better', edited: 5, reactions: [{ emoji: '👍', by: [VERA] }], replies: 3 };
  const items = [{ ...event(1, 'bruno', { body: 'first' }), now }];
  const log = [
    react(6, 'bruno', '👍', true),
    event(7, 'vera', { target: 1, body: 'late' }),
    react(8, 'vera', '👍', false),
  ];
  const one = standings(log, [], VERA, { items, head: 6 }).get(1);
  expect(one).toMatchObject({ body: 'better', edited: true, replies: 4 });
  // Seq 6 is in what the hub told; only 7 and 8 are new.
  expect(told(one)).toEqual([]);
});
it('a hidden message is gone for all but its author’s side, until it is shown again', () => {
  const said = event(1, 'bruno', { body: 'rude', organisation: 'atelier' as never });
  const hide = (seq: number, on: boolean) =>
    event(seq, 'vera', { kind: 'hide', target: 1, detail: { on } as never });
  const ours = { ...VERA, organisation: 'nordwind' };
  const theirs = { user: 'ines', name: 'Ines', organisation: 'atelier' };
  expect(standings([said, hide(2, true)], [], ours).get(1)).toMatchObject({ gone: true, body: undefined, hidden: 'vera' });
  expect(standings([said, hide(2, true)], [], theirs).get(1)).toMatchObject({ gone: false, body: 'rude', hidden: 'vera' });
  expect(standings([said, hide(2, true), hide(3, false)], [], ours).get(1)).toMatchObject({ gone: false, hidden: undefined });
});
