import { STAGES, type BoardView, type DealSummary, type Stage } from '../api/types';

/** Steps that need a reason: back, into a promise, or to an end. */
export function needsReason(from: Stage, to: Stage) {
  if (to === 'committed' || to === 'won' || to === 'lost') return true;
  return STAGES.indexOf(to) < STAGES.indexOf(from);
}

/** The lanes that are about a deal which is over; folded until somebody looks. */
export const OVER: Stage[] = ['won', 'delivered', 'lost'];

/** The board after a deal moved, with counts and sums that agree. */
export function place(board: BoardView, deal: DealSummary, to: Stage, index = 0): BoardView {
  const amount = deal.amount_minor ?? 0;
  return {
    lanes: board.lanes.map((lane) => {
      const held = lane.deals.some((one) => one.id === deal.id);
      if (!held && lane.stage !== to) return lane;
      const rest = lane.deals.filter((one) => one.id !== deal.id);
      const sign = (lane.stage === to ? 1 : 0) - (held ? 1 : 0);
      const deals =
        lane.stage === to ? rest.toSpliced(Math.min(index, rest.length), 0, { ...deal, stage: to }) : rest;
      return {
        ...lane,
        deals,
        count: lane.count + sign,
        sums: deal.currency ? add(lane.sums, deal.currency, sign * amount) : lane.sums,
      };
    }),
  };
}

function add(sums: { currency: string; amount_minor: number }[], currency: string, amount: number) {
  const known = sums.some((sum) => sum.currency === currency);
  const next = known
    ? sums.map((sum) =>
        sum.currency === currency ? { ...sum, amount_minor: sum.amount_minor + amount } : sum,
      )
    : [...sums, { currency, amount_minor: amount }];
  return next.filter((sum) => sum.amount_minor !== 0);
}

const DAY_MS = 86_400_000;

/** Whole days since anything happened; a week without is worth a word. */
export const quietDays = (deal: DealSummary, nowMs = Date.now()) => {
  const days = Math.floor((nowMs - new Date(deal.updated_at).getTime()) / DAY_MS);
  return days >= 7 && !(deal.stage && OVER.includes(deal.stage)) ? days : 0;
};

/** Whether the day on which it should close has passed. */
export const isOverdue = (deal: DealSummary, nowMs = Date.now()) =>
  !!deal.close_on &&
  !(deal.stage && OVER.includes(deal.stage)) &&
  new Date(`${deal.close_on}T23:59:59`).getTime() < nowMs;
