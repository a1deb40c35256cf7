import { expect, it } from 'vitest';
import { filterOf, isAll, readInbox, same, searchOf } from './filters';

it('an address is read, and what makes no sense is left out', () => {
  expect(
    readInbox({ direction: 'up', state: 'quarantined', number: 4711, way: 'pigeon', from: '2026-1-1', days: 0 }),
  ).toEqual({ state: 'quarantined', number: '4711' });
  expect(readInbox({ partner: ' ZZ:DORN ', kind: '', days: 7, overdue: true })).toEqual({
    partner: 'ZZ:DORN',
    days: 7,
    overdue: true,
  });
});

it('a view is the same as what one looks for, whatever their order', () => {
  const search = readInbox({ kind: '850', partner: 'ZZ:DORN', plain: true });
  expect(same(filterOf(search), { partner: 'ZZ:DORN', kind: '850', overdue: false })).toBe(true);
  expect(same(filterOf(search), { partner: 'ZZ:DORN' })).toBe(false);
  expect(searchOf({ state: 'sent', days: 7 })).toEqual({ state: 'sent', days: 7 });
});

it('nothing is looked for where only the list itself is asked for', () => {
  expect(isAll({ plain: true })).toBe(true);
  expect(isAll({ way: 'as2' })).toBe(false);
});
