import { api, Problem } from '../api/client';
import type { Deal } from '../api/types';
import { queries } from '../app/queries';

type CardChange = Partial<
  Pick<Deal, 'title' | 'account' | 'amount_minor' | 'currency' | 'close_on' | 'next_step'>
>;

const known = (id: string) => queries.getQueryData<Deal>(['deal', id]);

/** Changes the card at once on screen; another's edit in between is merged, since only the named fields are sent. */
export async function editCard(id: string, change: CardChange) {
  const before = known(id);
  if (before) queries.setQueryData(['deal', id], { ...before, ...change });
  try {
    const after = await twice(
      (revision) => api.patch(`/deals/${id}`, change, revision),
      before?.revision ?? 0,
      id,
      (deal) => deal.revision,
    );
    queries.setQueryData(['deal', id], after);
    void queries.invalidateQueries({ queryKey: ['board'] });
  } catch (fault) {
    queries.setQueryData(['deal', id], before);
    void queries.invalidateQueries({ queryKey: ['deal', id] });
    throw fault;
  }
}

/** Changes our own side; the others see of it only what is published. */
export async function editSide(id: string, change: Partial<Deal['side']>) {
  const before = known(id);
  if (before) queries.setQueryData(['deal', id], { ...before, side: { ...before.side, ...change } });
  try {
    await twice(
      (revision) => api.patch(`/deals/${id}/side`, change, revision),
      before?.side.revision ?? 0,
      id,
      (deal) => deal.side.revision,
    );
  } catch (fault) {
    queries.setQueryData(['deal', id], before);
    throw fault;
  } finally {
    void queries.invalidateQueries({ queryKey: ['deal', id] });
  }
}

/** Sends with the revision that we hold and, where it is stale, once more with the newest. */
async function twice<T>(
  send: (revision: number) => Promise<T>,
  revision: number,
  id: string,
  of: (deal: Deal) => number,
) {
  try {
    return await send(revision);
  } catch (fault) {
    if (!(fault instanceof Problem) || fault.slug !== 'stale-revision') throw fault;
    const fresh = await api.read(`/deals/${id}`);
    return send(fault.revision ?? of(fresh));
  }
}
