import { api } from '../api/client';
import { merged } from '../api/merge';
import type { Deal } from '../api/types';
import { queries } from '../app/queries';

type CardChange = Partial<
  Pick<Deal, 'title' | 'account' | 'amount_minor' | 'currency' | 'close_on' | 'next_step'>
>;

const known = (id: string) => queries.getQueryData<Deal>(['deal', id]);

/** Changes the card at once on screen; another's edit in between stays in every other field. */
export async function editCard(id: string, change: CardChange) {
  const before = known(id);
  if (!before) return;
  let newest = before;
  queries.setQueryData(['deal', id], { ...before, ...change });
  try {
    const after = await merged<Deal, Deal>(
      before,
      change,
      (deal) => deal.revision,
      (revision) => api.patch(`/deals/${id}`, change, revision),
      async () => (newest = await api.read(`/deals/${id}`)),
    );
    queries.setQueryData(['deal', id], after);
    void queries.invalidateQueries({ queryKey: ['board'] });
  } catch (fault) {
    queries.setQueryData(['deal', id], newest);
    void queries.invalidateQueries({ queryKey: ['deal', id] });
    throw fault;
  }
}

/** Changes our own side; the others see of it only what is published. */
export async function editSide(id: string, change: Partial<Deal['side']>) {
  const before = known(id);
  if (!before) return;
  let newest = before;
  queries.setQueryData(['deal', id], { ...before, side: { ...before.side, ...change } });
  try {
    await merged(
      before.side,
      change,
      (side) => side.revision,
      (revision) => api.patch(`/deals/${id}/side`, change, revision),
      async () => (newest = await api.read(`/deals/${id}`)).side,
    );
  } catch (fault) {
    queries.setQueryData(['deal', id], newest);
    throw fault;
  } finally {
    void queries.invalidateQueries({ queryKey: ['deal', id] });
  }
}

/** Who changed a field of the card last, as the room tells it. */
export async function cardChanger(deal: Deal, field: string, me: string) {
  const room = deal.rooms.find((one) => one.kind === 'main');
  if (!room) return undefined;
  const { items } = await api.read(`/rooms/${room.id}/events`, { limit: 100 });
  const told = items.findLast(
    (event) =>
      event.kind === 'card' &&
      event.author !== me &&
      (event.detail as { field?: string } | undefined)?.field?.startsWith(field),
  );
  return told && (told.organisation_name ? `${told.name}, ${told.organisation_name}` : told.name);
}
