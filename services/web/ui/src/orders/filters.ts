import { INTERCHANGE_STATES, type InterchangeFilter, type InterchangeState, type Way } from '../api/types';

export const WAYS = ['api', 'as2', 'sftp', 'mail', 'folder', 'hub'] as const satisfies readonly Way[];
/** The ranges of days that are offered. */
export const RANGES = [1, 7, 30, 90] as const;

/** What stands in the address of the inbox. `plain` keeps a view that opens first from opening. */
export interface InboxSearch {
  direction?: 'in' | 'out';
  state?: InterchangeState;
  overdue?: true;
  partner?: string;
  kind?: string;
  number?: string;
  way?: Way;
  from?: string;
  until?: string;
  days?: number;
  plain?: true;
}

const DAY = /^\d{4}-\d{2}-\d{2}$/;
const text = (value: unknown) => {
  // An address that holds digits alone is read as a number.
  const words = typeof value === 'number' ? String(value) : value;
  return typeof words === 'string' && words.trim() ? words.trim().slice(0, 80) : undefined;
};

/** Reads the address; what makes no sense is left out. */
export function readInbox(search: Record<string, unknown>): InboxSearch {
  const day = (value: unknown) => (typeof value === 'string' && DAY.test(value) ? value : undefined);
  const days = Number(search.days);
  const found: InboxSearch = {
    direction: search.direction === 'in' || search.direction === 'out' ? search.direction : undefined,
    state: INTERCHANGE_STATES.find((state) => state === search.state),
    overdue: search.overdue === true || undefined,
    partner: text(search.partner),
    kind: text(search.kind),
    number: text(search.number),
    way: WAYS.find((way) => way === search.way),
    from: day(search.from),
    until: day(search.until),
    days: Number.isInteger(days) && days >= 1 && days <= 3660 ? days : undefined,
    plain: search.plain === true || undefined,
  };
  return bare(found);
}

/** Without what is not said. */
function bare<T extends object>(search: T): T {
  return Object.fromEntries(Object.entries(search).filter(([, value]) => value !== undefined)) as T;
}

/** What is looked for, without how the screen came to it. */
export function filterOf({ plain: _, ...filter }: InboxSearch): Omit<InboxSearch, 'plain'> {
  return bare(filter);
}

/** How a saved view stands in the address. */
export const searchOf = (filter: InterchangeFilter): InboxSearch => readInbox({ ...filter });

/** Whether two look for the same. */
export function same(one: InterchangeFilter, other: InterchangeFilter) {
  const told = (filter: InterchangeFilter) =>
    JSON.stringify(Object.entries(searchOf(filter)).sort(([a], [b]) => a.localeCompare(b)));
  return told(one) === told(other);
}

/** Whether nothing is looked for. */
export const isAll = (search: InboxSearch) => Object.keys(filterOf(search)).length === 0;
