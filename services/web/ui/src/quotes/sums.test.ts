import { expect, it } from 'vitest';
import { amount, plain, total } from './sums';

const line = (quantity: string, unit_price: string, discount = '', price_per = 1) => ({
  quantity,
  unit_price,
  discount,
  price_per,
});

it('is exact to the cent, as the hub is', () => {
  expect(amount(line('3', '4.15'), 2)).toBe(1245n);
  expect(amount(line('1', '0.125'), 2)).toBe(13n);
  expect(amount(line('1000', '0.333', '15'), 2)).toBe(28305n);
  expect(amount(line('250', '12.50', '2.5', 100), 2)).toBe(3047n);
  expect(amount(line('3', '99.5'), 0)).toBe(299n);
  // As machine numbers 1.005 × 100 is 100.49999999999999.
  expect(amount(line('1', '1.005'), 2)).toBe(101n);
  expect(amount(line('999999999', '99999999.99'), 2)).toBe(9999999989000000001n);
});

it('counts only lines that have numbers', () => {
  expect(total([line('3', '4.15'), line('', '1'), line('1', 'x'), line('2', '1')], 2)).toBe(1445n);
});

it('reads numbers as people write them', () => {
  expect(['1 234,50', '1.234,50', '1,234.50', '12,5', '1,234,567', 'x'].map(plain)).toEqual([
    '1234.50',
    '1234.50',
    '1234.50',
    '12.5',
    '1234567',
    'x',
  ]);
});
