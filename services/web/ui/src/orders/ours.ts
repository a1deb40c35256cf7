import type { Deal, Me } from '../api/types';

/** Whether we buy or sell by this order. A third party of a deal sees that it is there, not its papers. */
export const isOurs = (order: Pick<Deal['orders'][number], 'buyer' | 'seller'>, me: Me) =>
  order.seller.id === me.organisation.id || order.buyer.id === me.organisation.id;
