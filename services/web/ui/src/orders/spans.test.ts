import { expect, test } from 'vitest';
import { cut } from './segments';
import { isFrom, pieces } from './spans';

test('a span lights the element that it lies in, and no other', () => {
  const file = "UNB+UNOC:3+A+B'LIN+1++A-1:SA'";
  const { segments, separator } = cut(file);
  const line = segments[1];
  const at = file.indexOf('A-1');
  expect(pieces(line, separator, [{ at, length: 3 }])).toEqual([
    { mark: '+', text: '1', lit: false },
    { mark: '+', text: '', lit: false },
    { mark: '+', text: 'A-1:SA', lit: true },
  ]);
  expect(isFrom([{ at, length: 3 }], line)).toBe(true);
  expect(isFrom([{ at, length: 3 }], segments[0])).toBe(false);
  expect(isFrom([], line)).toBe(false);
});
