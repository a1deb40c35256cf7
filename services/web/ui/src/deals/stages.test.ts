import { expect, it } from 'vitest';
import type { BoardView, DealSummary } from '../api/types';
import { isOverdue, needsReason, place, quietDays } from './stages';

const deal = (id: string, stage: DealSummary['stage'], amount_minor = 1000): DealSummary => ({
  id,
  stage,
  amount_minor,
  currency: 'EUR',
  host: { id: 'o', name: 'O' },
  parties: [],
  unread: 0,
  updated_at: '2026-11-01T00:00:00Z',
  revision: 1,
  fields: [],
});
const lane = (stage: NonNullable<DealSummary['stage']>, deals: DealSummary[]) => ({
  stage,
  deals,
  count: deals.length,
  sums: deals.length
    ? [{ currency: 'EUR', amount_minor: deals.reduce((sum, one) => sum + (one.amount_minor ?? 0), 0) }]
    : [],
});
const board = (): BoardView => ({
  lanes: [
    lane('identified', [deal('a', 'identified'), deal('b', 'identified', 500)]),
    lane('qualified', [deal('c', 'qualified', 70)]),
    lane('won', []),
  ],
});

it('moves a card with its count and sum, to the place where it was dropped', () => {
  const { lanes } = place(board(), deal('a', 'identified'), 'qualified', 1);
  expect(
    lanes.map((one) => [
      one.count,
      one.sums[0]?.amount_minor ?? 0,
      one.deals.map((held) => held.id).join(''),
    ]),
  ).toEqual([
    [1, 500, 'b'],
    [2, 1070, 'ca'],
    [0, 0, ''],
  ]);
  expect(lanes[1].deals[1].stage).toBe('qualified');
});

it('forgets the sum of a lane that became empty and begins one in a new currency', () => {
  const dollars = { ...deal('c', 'qualified', 70), currency: 'EUR' };
  const { lanes } = place(board(), dollars, 'won');
  expect([lanes[1].sums, lanes[2].sums]).toEqual([[], [{ currency: 'EUR', amount_minor: 70 }]]);
});

it('wants a reason for steps back and for promises', () => {
  expect(needsReason('identified', 'qualified')).toBe(false);
  expect(needsReason('qualified', 'identified')).toBe(true);
  expect((['committed', 'won', 'lost'] as const).every((to) => needsReason('business_ok', to))).toBe(true);
});

it('calls a deal quiet after a week, unless it is over', () => {
  const now = new Date('2026-11-09T00:00:00Z').getTime();
  expect([quietDays(deal('a', 'qualified'), now), quietDays(deal('a', 'won'), now)]).toEqual([8, 0]);
  expect(isOverdue({ ...deal('a', 'qualified'), close_on: '2026-11-01' }, now)).toBe(true);
});
