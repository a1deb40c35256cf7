import { expect, it } from 'vitest';
import { blank, over, pasted, toLines } from './draft';

it('takes rows of a spreadsheet from the cell where they are pasted', () => {
  const rows = pasted('GATE-48\tGate\t3\tea\t18,50\r\nGATE-60\tGate, wide\t2\tEA\t21,00\r\n')!;
  const drafts = over([blank()], rows, 0, 0);
  expect(drafts.map((draft) => [draft.product, draft.quantity, draft.unit, draft.unit_price])).toEqual([
    ['GATE-48', '3', 'EA', '18,50'],
    ['GATE-60', '2', 'EA', '21,00'],
  ]);
  expect(toLines(drafts)[1].unit_price).toBe('21.00');
});

it('leaves a single cell to the browser', () => {
  expect(pasted('GATE-48')).toBeNull();
  expect(pasted('a\tb')).toEqual([['a', 'b']]);
});

it('pastes over columns to the right and drops what is too far', () => {
  const drafts = over([{ ...blank(), product: 'A' }], [['5', 'KGM', '1', '1', '0', '2026-12-01', 'x']], 0, 2);
  expect(drafts[0]).toMatchObject({ product: 'A', quantity: '5', unit: 'KGM', deliver_on: '2026-12-01' });
});

it('sends only lines that say something', () => {
  expect(toLines([blank(), { ...blank(), product: 'A', quantity: '1' }])).toHaveLength(1);
});
