import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { socket, type Frame } from '../api/socket';
import { Outbox, uuidv7, type Entry, type Shelf } from './outbox';

let sent: Record<string, unknown>[];
let tell: (frame: Frame) => void;
let kept: Map<string, Entry>;
const shelf = (): Shelf => ({
  all: async () => [...kept.values()],
  put: async (entry) => void kept.set(entry.cid, entry),
  drop: async (cid) => void kept.delete(cid),
});

beforeEach(() => {
  sent = [];
  kept = new Map();
  vi.useFakeTimers();
  vi.spyOn(socket, 'send').mockImplementation((frame) => (sent.push(frame), true));
  vi.spyOn(socket, 'listen').mockImplementation((listener) => {
    tell = listener;
    return () => {};
  });
});
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

it('sends the same cid again after a reconnect, until the hub has it', async () => {
  const outbox = new Outbox(shelf());
  await outbox.open('vera@nordwind');
  const { cid } = outbox.write('room_1', 'hello');
  tell({ t: 'welcome', id: 1, user: 'u', conn: 'c', hb_ms: 1 });
  expect(sent.map((frame) => frame.cid)).toEqual([cid, cid]);
  tell({ t: 'ack', cid, room: 'room_1', seq: 4 });
  tell({ t: 'welcome', id: 1, user: 'u', conn: 'c', hb_ms: 1 });
  expect(sent.length).toBe(2);
  expect(outbox.all()[0].state).toBe('sent');
  tell({
    t: 'ev',
    room: 'room_1',
    seq: 4,
    kind: 'msg',
    author: 'u',
    name: 'Vera',
    organisation: null,
    organisation_name: null,
    at: 1,
    cid,
  });
  expect(outbox.all()).toEqual([]);
});

it('survives a reload, but never sends in the name of somebody else', async () => {
  const before = new Outbox(shelf());
  await before.open('vera@nordwind');
  const { cid } = before.write('room_1', 'written offline');
  sent = [];

  const other = new Outbox(shelf());
  await other.open('vera@labs');
  expect([other.all(), sent]).toEqual([[], []]);
  const same = new Outbox(shelf());
  await same.open('vera@nordwind');
  expect(sent.map((frame) => frame.cid)).toEqual([cid]);
});

it('waits where the hub asks for patience and fails where it refuses', async () => {
  const outbox = new Outbox(shelf());
  await outbox.open('vera@nordwind');
  const { cid } = outbox.write('room_1', 'too fast');
  tell({ t: 'nak', cid, code: 'rate', retry: 3_000 });
  expect(outbox.all()[0].state).toBe('waiting');
  vi.advanceTimersByTime(3_100);
  expect(sent.length).toBe(2);
  tell({ t: 'nak', cid, code: 'forbidden' });
  expect(outbox.all()[0]).toMatchObject({ state: 'failed', code: 'forbidden' });
  outbox.retry(cid);
  expect(sent.length).toBe(3);
  outbox.discard(cid);
  expect([outbox.all(), kept.size]).toEqual([[], 0]);
});

it('sends every act with what it needs, and what was kept before there were acts as a message', async () => {
  const old = { cid: 'old', room: 'room_1', owner: 'vera@nordwind', body: 'kept', at: 1, state: 'waiting' };
  kept.set('old', old as Entry);
  const outbox = new Outbox(shelf());
  await outbox.open('vera@nordwind');
  outbox.write('room_1', 'an answer', 4);
  outbox.act('room_1', { act: 'react', target: 4, emoji: '👍', on: false });
  expect(sent.map(({ id: _, cid: __, ...frame }) => frame)).toEqual([
    { t: 'send', room: 'room_1', body: 'kept' },
    { t: 'send', room: 'room_1', body: 'an answer', reply_to: 4 },
    { t: 'react', room: 'room_1', target: 4, emoji: '👍', on: false },
  ]);
});

it('says a refused reaction and forgets it, but keeps the words of a refused edit', async () => {
  const outbox = new Outbox(shelf());
  await outbox.open('vera@nordwind');
  const heard: unknown[] = [];
  outbox.onRefusal((entry) => heard.push([entry.act, entry.code]));
  const reaction = outbox.act('room_1', { act: 'react', target: 4, emoji: '👍', on: true });
  const edit = outbox.act('room_1', { act: 'edit', target: 4, body: 'better' });
  tell({ t: 'nak', cid: reaction.cid, code: 'too_many_reactions' });
  tell({ t: 'nak', cid: edit.cid, code: 'too_long' });
  expect(heard).toEqual([['react', 'too_many_reactions']]);
  expect(outbox.all()).toMatchObject([{ act: 'edit', state: 'failed', code: 'too_long', body: 'better' }]);
});

it('forgets an act that stood already, since no event will tell it', async () => {
  const outbox = new Outbox(shelf());
  await outbox.open('vera@nordwind');
  const { cid } = outbox.act('room_1', { act: 'pin', target: 4, on: true });
  tell({ t: 'ack', cid, room: 'room_1', seq: 4, dup: true });
  expect([outbox.all(), kept.size]).toEqual([[], 0]);
});

it('makes ids that sort by time', () => {
  const ids = [uuidv7(1_000), uuidv7(2_000), uuidv7(1_790_000_000_000)];
  expect([...ids].sort()).toEqual(ids);
  expect(
    ids.every((id) => /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/.test(id)),
  ).toBe(true);
});
