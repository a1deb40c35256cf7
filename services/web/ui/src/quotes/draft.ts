import type { QuoteLine } from '../api/types';
import { plain } from './sums';

/** A line as it stands in the grid: all text, so that nothing typed is lost. */
export interface Draft {
  product: string;
  description: string;
  quantity: string;
  unit: string;
  unit_price: string;
  price_per: string;
  discount: string;
  deliver_on: string;
}

/** In what most prices are. */
export const CURRENCIES = ['EUR', 'USD', 'GBP', 'CHF', 'SEK', 'NOK', 'DKK', 'PLN', 'CZK', 'JPY', 'CNY'];

/** The columns of the grid, in their order; pasted rows fill them from left to right. */
export const COLUMNS = [
  'product',
  'description',
  'quantity',
  'unit',
  'unit_price',
  'price_per',
  'discount',
  'deliver_on',
] as const satisfies readonly (keyof Draft)[];

export const blank = (): Draft => ({
  product: '',
  description: '',
  quantity: '',
  unit: 'EA',
  unit_price: '',
  price_per: '1',
  discount: '',
  deliver_on: '',
});

export const isBlank = (draft: Draft) =>
  COLUMNS.every((column) => column === 'unit' || column === 'price_per' || !draft[column].trim());

export const toDraft = (line: QuoteLine): Draft => ({
  product: line.product ?? '',
  description: line.description ?? '',
  quantity: line.quantity,
  unit: line.unit,
  unit_price: line.unit_price ?? '',
  price_per: String(line.price_per ?? 1),
  discount: line.discount ?? '',
  deliver_on: line.deliver_on ?? '',
});

/** The lines that say something, as the hub takes them. */
export const toLines = (drafts: Draft[]): QuoteLine[] =>
  drafts
    .filter((draft) => !isBlank(draft))
    .map((draft) => ({
      product: draft.product.trim(),
      description: draft.description.trim(),
      quantity: plain(draft.quantity),
      unit: draft.unit.trim().toUpperCase(),
      unit_price: plain(draft.unit_price) || null,
      price_per: Number(plain(draft.price_per) || '1'),
      discount: plain(draft.discount.replace('%', '')) || null,
      deliver_on: draft.deliver_on || null,
    }));

/** Rows copied out of a spreadsheet; none where it is one cell, which is pasted as ever. */
export function pasted(text: string): string[][] | null {
  const rows = text.replace(/\r\n?/g, '\n').replace(/\n+$/, '').split('\n');
  if (rows.length === 1 && !rows[0].includes('\t')) return null;
  return rows.map((row) => row.split('\t').map((cell) => cell.trim()));
}

/** The drafts with rows put over them, from a cell on. */
export function over(
  drafts: Draft[],
  rows: string[][],
  line: number,
  column: number,
  columns: readonly (keyof Draft)[] = COLUMNS,
): Draft[] {
  const next = drafts.map((draft) => ({ ...draft }));
  rows.forEach((cells, down) => {
    const at = line + down;
    while (next.length <= at) next.push(blank());
    cells.forEach((cell, right) => {
      const name = columns[column + right];
      if (name) next[at][name] = name === 'unit' ? cell.toUpperCase() : cell;
    });
  });
  return next;
}
