import type { Me } from '../api/types';

type Sides = Record<'buyer' | 'seller', { id?: string | null }>;

/** Whether we buy or sell by this order. A third party of a deal sees that it is there, not its papers. */
export const isOurs = (order: Sides, me: Me) =>
  order.seller.id === me.organisation.id || order.buyer.id === me.organisation.id;
