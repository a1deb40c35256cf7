import { expect, it } from 'vitest';
import type { RoomEvent } from '../api/types';
import type { Row } from './fold';
import { marks } from './readers';

const message = (seq: number, author: string): Row =>
  ({ is: 'message', key: String(seq), event: { seq, author } as RoomEvent, follows: false }) as Row;

it('each reader stands at the last message that she has read, never at her own', () => {
  const rows = [message(2, 'vera'), message(5, 'bruno'), message(9, 'vera')];
  const reader = (user: string, seq: number) => ({ user, name: user, seq });
  const found = marks(rows, [
    reader('bruno', 12),
    reader('ines', 5),
    reader('dana', 8),
    reader('sam', 1),
    reader('vera', 9),
  ]);
  expect([...found].map(([seq, who]) => [seq, ...who.map((one) => one.user)])).toEqual([
    [9, 'bruno'],
    [5, 'ines', 'dana'],
  ]);
});
