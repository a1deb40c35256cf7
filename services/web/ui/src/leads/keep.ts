import type { Lead } from '../api/types';
import { queries } from '../app/queries';

/** What the hub answered is what the screen shows; the lists that may differ now are asked again. */
export function keep(lead: Lead) {
  queries.setQueryData(['lead', lead.id], lead);
  for (const key of ['leads', 'deals', 'board']) void queries.invalidateQueries({ queryKey: [key] });
}
