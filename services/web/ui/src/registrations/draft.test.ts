import { expect, it } from 'vitest';
import { blank, months, says } from './draft';

it('what is blank goes out as null, what is written as it is', () => {
  const out = says({ ...blank('org_1'), customer: ' Hafen ', key: 'hafen.example' }, 1200);
  expect(out).toMatchObject({ customer: 'Hafen', key: 'hafen.example', note: null, amount_minor: 1200 });
});

it('months go on over the end of a year', () => {
  expect(months(new Date('2026-11-30T23:00:00Z'), 3)).toEqual(['2026-11', '2026-12', '2027-01']);
});
