import { api } from '../api/client';
import type { Quote } from '../api/types';
import { keep } from './keep';

/** Above so many percent off, a seller asks somebody else to approve; the hub insists on it. */
export const FREE_DISCOUNT = 15;

/** Prices, approves and sends a draft in one go; or leaves it priced, for another to approve. */
export async function send(draft: Quote, forApproval: boolean) {
  const path = `/quotes/${draft.id}` as const;
  const priced = await api.post(`${path}/moves`, { move: 'price', revision: draft.revision });
  keep(priced);
  if (forApproval) return;
  const approved = await api.post(`${path}/approve`, { revision: priced.revision });
  keep(approved);
  keep(await api.post(`${path}/moves`, { move: 'send', revision: approved.revision }));
}
