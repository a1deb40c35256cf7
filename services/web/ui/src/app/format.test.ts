import { expect, it } from 'vitest';
import { formats, initials, readMinor } from './format';

it('reads amounts as people type them', () => {
  expect(
    ['12500', '1,234.50', '1 234,50', '1.234', '12,5', '€ 99'].map((text) => readMinor(text, 2)),
  ).toEqual([1_250_000, 123_450, 123_450, 123_400, 1_250, 9_900]);
  expect(readMinor('500', 0)).toBe(500);
  expect([readMinor('', 2), readMinor('abc', 2)]).toEqual([null, null]);
});

it('writes money in the minor units of its currency and the language of the reader', () => {
  expect(formats('en').money(1_864_000, 'EUR')).toBe('€18,640');
  expect(formats('en').money(1_864_050, 'EUR')).toBe('€18,640.50');
  expect(formats('fr').money(1_864_050, 'EUR').replace(/\s/g, ' ')).toBe('18 640,50 €');
  expect(formats('en').money(500, 'JPY')).toBe('¥500');
  expect(formats('es').percent(1850).replace(/\s/g, ' ')).toBe('18,5 %');
});

it('shortens names', () => {
  expect([initials('Vera Lindqvist'), initials('Atelier'), initials('')]).toEqual(['VL', 'A', '']);
});
