import { Problem } from './client';

/** Two changed the same field at once, and only a person can say which value stands. */
export class Met extends Error {
  constructor(readonly fields: string[]) {
    super(`changed meanwhile: ${fields.join(', ')}`);
  }
}

const TRIES = 5;

/**
 * Sends a change of some fields with the revision that it was made on. Where somebody was faster, theirs is
 * kept in the other fields and ours sent on top of it; `Met` is thrown where both changed one field to two values.
 */
export async function merged<T extends object, Answer>(
  base: T,
  change: Partial<T>,
  revision: (record: T) => number,
  send: (revision: number) => Promise<Answer>,
  read: () => Promise<T>,
): Promise<Answer> {
  let newest = base;
  for (let tries = 1; ; tries += 1) {
    try {
      return await send(revision(newest));
    } catch (fault) {
      if (!(fault instanceof Problem) || fault.slug !== 'stale-revision' || tries === TRIES) throw fault;
    }
    newest = await read();
    const met = clashing(base, newest, change);
    if (met.length > 0) throw new Met(met);
  }
}

/** The fields that both changed, and not to the same value. */
export function clashing<T extends object>(base: T, newest: T, change: Partial<T>) {
  const fields = Object.keys(change) as (keyof T & string)[];
  return fields.filter((field) => !same(newest[field], base[field]) && !same(newest[field], change[field]));
}

/** The hub leaves out what is empty or hidden; for a person the two are one. */
function same(one: unknown, other: unknown) {
  const plain = (value: unknown) => (value === undefined || value === '' ? null : value);
  return JSON.stringify(plain(one)) === JSON.stringify(plain(other));
}
