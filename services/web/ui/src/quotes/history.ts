import type { QuoteRevision } from '../api/types';

/** What changed on one line between two revisions. */
export interface Change {
  line: number;
  kind: 'added' | 'dropped' | 'changed';
  what: string;
  fields: { field: 'quantity' | 'price' | 'deliver_on' | 'product'; from: string; to: string }[];
}

type Line = QuoteRevision['lines'][number];
const name = (line: Line) => line.product || line.description || '';
const price = (line: Line) =>
  `${line.net_price ?? '—'}${line.price_per && line.price_per !== 1 ? ` / ${line.price_per}` : ''}`;

/** Line by line, in their order: a line is known by its place. */
export function changes(before: QuoteRevision, after: QuoteRevision): Change[] {
  const found: Change[] = [];
  for (let at = 0; at < Math.max(before.lines.length, after.lines.length); at += 1) {
    const [one, other] = [before.lines[at], after.lines[at]];
    const line = at + 1;
    if (!one) found.push({ line, kind: 'added', what: name(other), fields: [] });
    else if (!other) found.push({ line, kind: 'dropped', what: name(one), fields: [] });
    else {
      const fields = (
        [
          ['product', name(one), name(other)],
          ['quantity', `${one.quantity} ${one.unit}`, `${other.quantity} ${other.unit}`],
          ['price', price(one), price(other)],
          ['deliver_on', one.deliver_on ?? '—', other.deliver_on ?? '—'],
        ] as const
      )
        .filter(([, from, to]) => from !== to)
        .map(([field, from, to]) => ({ field, from, to }));
      if (fields.length > 0) found.push({ line, kind: 'changed', what: name(other), fields });
    }
  }
  return found;
}
