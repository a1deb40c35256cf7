import { describe, expect, test, vi } from 'vitest';
import { Problem } from './client';
import { clashing, merged, Met } from './merge';

interface Card {
  city?: string | null;
  segment?: string | null;
  revision: number;
}

const stale = (revision: number) => new Problem(409, { type: '/problems/stale-revision', revision });
const of = (card: Card) => card.revision;

describe('two who edit at once', () => {
  test('different fields both survive: ours is sent again on theirs', async () => {
    const send = vi.fn(async (revision: number) => {
      if (revision === 1) throw stale(2);
      return `at ${revision}`;
    });
    const read = async () => ({ city: 'Lyon', segment: 'Retail', revision: 2 });
    const told = await merged<Card, string>({ city: 'Lyon', revision: 1 }, { city: 'Nice' }, of, send, read);
    expect(told).toBe('at 2');
    expect(send.mock.calls).toEqual([[1], [2]]);
  });

  test('the same field is never overwritten without a person having said so', async () => {
    const send = vi.fn(async () => {
      throw stale(2);
    });
    const read = async () => ({ city: 'Metz', revision: 2 });
    const told = merged<Card, void>({ city: 'Lyon', revision: 1 }, { city: 'Nice' }, of, send, read);
    await expect(told).rejects.toEqual(new Met(['city']));
    expect(send).toHaveBeenCalledTimes(1);
  });

  test('what was held at the beginning counts, however often somebody was faster', async () => {
    let now = 1;
    const send = async (revision: number) => {
      now += 1;
      if (revision < 4) throw stale(now);
      return revision;
    };
    const read = async () => ({ city: now === 3 ? 'Metz' : 'Lyon', segment: `${now}`, revision: now });
    const told = merged<Card, number>({ city: 'Lyon', revision: 1 }, { city: 'Nice' }, of, send, read);
    await expect(told).rejects.toBeInstanceOf(Met);
  });

  test('it gives up on what never stands still, and passes other refusals on', async () => {
    const never = vi.fn(async () => {
      throw stale(9);
    });
    const read = async () => ({ city: 'Lyon', revision: 9 });
    await expect(
      merged<Card, void>({ city: 'Lyon', revision: 1 }, { city: 'Nice' }, of, never, read),
    ).rejects.toMatchObject({ slug: 'stale-revision' });
    expect(never).toHaveBeenCalledTimes(5);
    const refused = async () => {
      throw new Problem(422, { type: '/problems/refused-input' });
    };
    await expect(merged<Card, void>({ revision: 1 }, { city: 'x' }, of, refused, read)).rejects.toMatchObject(
      { status: 422 },
    );
  });

  test('the same value, and what is empty in another way, do not clash', () => {
    expect(clashing({ city: 'Lyon' }, { city: 'Nice' }, { city: 'Nice' })).toEqual([]);
    expect(clashing<Partial<Card>>({}, { city: null }, { city: 'Nice' })).toEqual([]);
    expect(clashing<Partial<Card>>({ city: 'Lyon' }, {}, { city: 'Nice' })).toEqual(['city']);
  });
});
