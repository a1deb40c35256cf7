import { describe, expect, it } from 'vitest';
import { cursor, EMPTY, hasOlder, hear, join, last, type Log } from './log';
import type { EventPage, RoomEvent } from './types';

const event = (seq: number): RoomEvent => ({
  room: 'room_1',
  seq,
  kind: 'msg',
  author: 'per_1',
  name: 'Vera',
  organisation: 'org_1',
  organisation_name: 'Nordwind',
  at: seq * 1000,
  body: `message ${seq}`,
});
const page = (from: number, to: number, head = to, epoch = 'e1', first = 1): EventPage => ({
  epoch,
  head,
  first,
  items: Array.from({ length: Math.max(0, to - from + 1) }, (_, place) => event(from + place)),
});
const seqs = (log: Log) => log.events.map((one) => one.seq);

describe('the log of a room', () => {
  it('takes the next event and forgets a double', () => {
    const log = join(EMPTY, page(1, 3));
    const [next, heard] = hear(log, event(4));
    expect([heard, seqs(next)]).toEqual(['added', [1, 2, 3, 4]]);
    expect(hear(next, event(4))).toEqual([next, 'known']);
    expect(hear(next, event(2))).toEqual([next, 'known']);
  });

  it('keeps no words of what was taken back', () => {
    const log = join(EMPTY, page(1, 3));
    const [edited] = hear(log, { ...event(4), kind: 'edit', target: 2, body: 'better' });
    const [gone] = hear(edited, { ...event(5), kind: 'redact', target: 2, body: undefined });
    const bodies = ['message 1', undefined, 'message 3', undefined, undefined];
    expect(gone.events.map((one) => one.body)).toEqual(bodies);
  });

  it('reports a hole and changes nothing', () => {
    const log = join(EMPTY, page(1, 3));
    expect(hear(log, event(5))).toEqual([log, 'gap']);
  });

  it('starts an empty room at its first event, also where history begins later', () => {
    expect(hear(join(EMPTY, page(1, 0, 0)), event(1))[1]).toBe('added');
    const late = join(EMPTY, page(1, 0, 40, 'e1', 41));
    expect(hear(late, event(41))[1]).toBe('added');
    expect(hear(late, event(43))[1]).toBe('gap');
  });

  it('lets go of what the log has lost at its beginning, also if nothing is left', () => {
    const held = join(EMPTY, page(1, 6));
    const trimmed = join(held, page(7, 8, 8, 'e1', 4));
    expect([trimmed.first, seqs(trimmed)]).toEqual([4, [4, 5, 6, 7, 8]]);
    const empty = join(held, page(1, 0, 9, 'e1', 10));
    expect([seqs(empty), last(empty), hasOlder(empty)]).toEqual([[], 9, false]);
    expect(hear(empty, event(10))[1]).toBe('added');
  });

  it('fills a hole by a page and goes on without gap or double', () => {
    const holed = join(EMPTY, page(1, 3));
    const whole = join(holed, page(4, 6));
    expect(seqs(whole)).toEqual([1, 2, 3, 4, 5, 6]);
    expect(hear(whole, event(7))[1]).toBe('added');
  });

  it('puts older pages before what it holds', () => {
    const log = join(join(EMPTY, page(5, 8, 8)), page(2, 4, 8));
    expect(seqs(log)).toEqual([2, 3, 4, 5, 6, 7, 8]);
    expect(hasOlder(log)).toBe(true);
    expect(hasOlder(join(log, page(1, 1, 8)))).toBe(false);
  });

  it('begins anew in another epoch', () => {
    const log = join(join(EMPTY, page(1, 9)), page(1, 2, 2, 'e2'));
    expect(seqs(log)).toEqual([1, 2]);
    expect(cursor(log)).toEqual({ epoch: 'e2', seq: 2 });
  });

  it('never holds a run with a hole in it', () => {
    const torn = join(EMPTY, { ...page(1, 0, 9), items: [event(1), event(2), event(6), event(7)] });
    expect(seqs(torn)).toEqual([6, 7]);
    const far = join(join(EMPTY, page(1, 3)), page(9, 10, 10));
    expect(seqs(far)).toEqual([9, 10]);
    expect(last(far)).toBe(10);
  });

  it('has no cursor before it has read anything', () => {
    expect(cursor(EMPTY)).toBeUndefined();
  });

  it('equals one prefix whatever way the events came', () => {
    for (let round = 0; round < 200; round += 1) {
      let log = join(EMPTY, page(1, 5));
      const order = Array.from({ length: 20 }, () => 1 + Math.floor(Math.random() * 20));
      for (const seq of order) {
        const [next, heard] = hear(log, event(seq));
        log = heard === 'gap' ? join(log, page(last(log) + 1, seq, 20)) : next;
      }
      expect(seqs(log)).toEqual(Array.from({ length: last(log) }, (_, place) => place + 1));
    }
  });
});
