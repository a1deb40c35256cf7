import { describe, expect, it } from 'vitest';
import type { PricedProduct } from '../api/types';
import { blank } from './draft';
import { below, priceAt, written } from './prices';

const gate: PricedProduct = {
  product: 'prd_1',
  sku: 'GATE-48',
  gtin: null,
  names: { en: 'Gate', fr: 'Portail' },
  family: '',
  unit: 'EA',
  pack: null,
  currency: 'EUR',
  prices: [
    { from: '1', unit_price: '20', price_per: 1 },
    { from: '10', unit_price: '1900', price_per: 100 },
  ],
};

describe('list prices', () => {
  it('are found by the quantity, as numbers', () => {
    expect(priceAt(gate.prices, '9,999')?.from).toBe('1');
    expect(priceAt(gate.prices, '10.0')?.from).toBe('10');
    expect(priceAt(gate.prices, '0.5')).toBeUndefined();
    expect(priceAt(gate.prices, 'many')).toBeUndefined();
  });

  it('come with a product that is chosen, and follow its quantity', () => {
    const line = written([gate], blank(), { product: 'gate-48' }, 'fr');
    expect(line).toMatchObject({ quantity: '1', description: 'Portail', unit: 'EA', unit_price: '20' });
    const ten = written([gate], line, { quantity: '10' }, 'fr');
    expect(ten).toMatchObject({ unit_price: '1900', price_per: '100' });
    const own = { ...line, unit_price: '17,50' };
    expect(written([gate], own, { quantity: '10' }, 'fr').unit_price).toBe('17,50');
    expect(written([gate], line, { description: 'Mine' }, 'fr').unit_price).toBe('20');
  });

  it('tell how far below them a line is', () => {
    const line = { ...blank(), quantity: '1', unit_price: '18', discount: '10' };
    expect(below(gate.prices[0], line)).toBeCloseTo(19);
    expect(below(gate.prices[1], { ...blank(), unit_price: '19' })).toBeCloseTo(0);
    expect(below(gate.prices[0], blank())).toBeNull();
  });
});
