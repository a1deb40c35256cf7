import { expect, it } from 'vitest';
import { formats, initials, readMinor, regional } from './format';

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

it('writes dates as they are written where the reader lives', () => {
  expect(regional('en', ['fr-FR', 'en-GB', 'en-US'])).toBe('en-GB');
  expect(regional('es', ['fr-FR', 'en-GB'])).toBe('es');
  const half = new Date(2026, 10, 22, 22, 32).getTime();
  expect(formats('en-GB').clock(half)).toBe('22:32');
  expect(formats('en-US').clock(half)).toBe('10:32');
});

it('names a day as near as it is', () => {
  const noon = new Date().setHours(12, 0, 0, 0);
  const day = 24 * 3_600_000;
  expect(formats('en').relativeDay(noon)).toBe('Today');
  expect(formats('fr').relativeDay(noon - day)).toBe('Hier');
  expect(formats('en').relativeDay(noon - 3 * day)).toMatch(/day, /);
});
