/** Exact decimals as text: no number of the machine comes between a price and its cents. */

interface Decimal {
  digits: bigint;
  scale: number;
}

/** What people type (`1 234,50`, `12.5`) as the hub takes it; what is no number stays as it is. */
export function plain(text: string): string {
  const bare = text.replace(/[\s\u00a0\u202f’']/g, '');
  const dot = bare.lastIndexOf('.');
  const comma = bare.lastIndexOf(',');
  if (comma < 0) return bare;
  if (dot < 0) return bare.split(',').length === 2 ? bare.replace(',', '.') : bare.replaceAll(',', '');
  return comma > dot ? bare.replaceAll('.', '').replace(',', '.') : bare.replaceAll(',', '');
}

function read(text: string): Decimal | null {
  const match = /^(\d*)\.?(\d*)$/.exec(plain(text));
  if (!match || !(match[1] || match[2])) return null;
  return { digits: BigInt(match[1] + match[2]), scale: match[2].length };
}

/** Which of two decimals is more, as a number below, at or above 0; null where one is none. */
export function compare(one: string, two: string): number | null {
  const [a, b] = [read(one), read(two)];
  if (!a || !b) return null;
  const [x, y] = [a.digits * 10n ** BigInt(b.scale), b.digits * 10n ** BigInt(a.scale)];
  return x < y ? -1 : x > y ? 1 : 0;
}

/** The fields of a line that make its amount. */
export interface Priced {
  quantity: string;
  unit_price?: string | null;
  price_per?: number;
  discount?: string | null;
}

/** What a line comes to in minor units, halves rounded up once; null where a number is missing. */
export function amount(line: Priced, digits: number): bigint | null {
  const quantity = read(line.quantity);
  const price = read(line.unit_price ?? '');
  const less = line.discount?.trim() ? read(line.discount) : { digits: 0n, scale: 0 };
  if (!quantity || !price || !less) return null;
  const rest = 100n * 10n ** BigInt(less.scale) - less.digits;
  if (rest < 0n) return null;
  const exact = quantity.digits * price.digits * rest * 10n ** BigInt(digits);
  const unit = 10n ** BigInt(quantity.scale + price.scale + less.scale) * 100n * BigInt(line.price_per ?? 1);
  const whole = exact / unit;
  return (exact % unit) * 2n >= unit ? whole + 1n : whole;
}

/** The sum of the lines that have one. */
export const total = (lines: Priced[], digits: number) =>
  lines.reduce((sum, line) => sum + (amount(line, digits) ?? 0n), 0n);

/** The most that is taken off a line, in percent; good enough to tell who may approve. */
export const deepest = (lines: Priced[]) =>
  Math.max(0, ...lines.map((line) => Number(plain(line.discount ?? '') || 0)));
