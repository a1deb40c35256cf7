import { useQuery } from '@tanstack/react-query';
import { api } from '../api/client';
import type { PriceBreak, PricedProduct } from '../api/types';
import { useCan } from '../app/queries';
import type { Draft } from './draft';
import { compare, plain } from './sums';

/** What the products of one's own cost a buyer on a day; nothing for somebody outside. */
export function usePrices(buyer: string | undefined, currency: string, on?: string): PricedProduct[] {
  const can = useCan();
  const asked = useQuery({
    queryKey: ['prices', buyer, currency, on],
    queryFn: () => api.read('/prices', { buyer: buyer!, currency, on, limit: 200 }),
    enabled: !!buyer && can('price.read'),
  });
  return asked.data?.items ?? [];
}

/** The price that counts for a quantity: the last one whose quantity is not above it. */
export const priceAt = (prices: PriceBreak[], quantity: string): PriceBreak | undefined =>
  prices.filter((one) => (compare(one.from, plain(quantity)) ?? 1) <= 0).at(-1);

export const productOf = (all: PricedProduct[], sku: string) =>
  all.find((one) => one.sku.toLowerCase() === sku.trim().toLowerCase());

/** What a line becomes when a field of it is written: a product that is chosen brings its words and price. */
export function written(all: PricedProduct[], before: Draft, to: Partial<Draft>, language: string): Draft {
  const next = { ...before, ...to };
  const product = productOf(all, next.product);
  if (!product) return next;
  const chosen = to.product !== undefined;
  if (chosen) {
    if (!next.quantity.trim()) next.quantity = product.prices[0]?.from ?? '';
    if (!next.description.trim())
      next.description = product.names[language] ?? Object.values(product.names)[0] ?? '';
    next.unit = product.unit;
  }
  if (next.unit !== product.unit || (!chosen && to.quantity === undefined)) return next;
  const was = productOf(all, before.product);
  const old = was && priceAt(was.prices, before.quantity);
  const now = priceAt(product.prices, next.quantity);
  // A price that somebody wrote stays.
  const own = before.unit_price.trim() && plain(before.unit_price) !== old?.unit_price;
  if (!now || own) return next;
  return { ...next, unit_price: now.unit_price, price_per: String(now.price_per ?? 1) };
}

/** By how many percent a line is below its list price, after its discount; negative above it. */
export function below(list: PriceBreak, draft: Draft): number | null {
  const price = Number(plain(draft.unit_price)) / (Number(draft.price_per) || 1);
  const each = Number(list.unit_price) / (list.price_per ?? 1);
  const less = Number(plain(draft.discount.replace('%', '')) || 0);
  if (!draft.unit_price.trim() || !Number.isFinite(price) || !Number.isFinite(less) || each <= 0) return null;
  return (1 - (price * (1 - less / 100)) / each) * 100;
}
