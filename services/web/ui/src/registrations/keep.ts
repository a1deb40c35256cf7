import type { Registration } from '../api/types';
import { queries } from '../app/queries';

/** What the hub answered is what the screen shows; the lists that may differ now are asked again. */
export function keep(registration: Registration) {
  queries.setQueryData(['registration', registration.id], registration);
  for (const key of ['registrations', 'deals', 'board'])
    void queries.invalidateQueries({ queryKey: [key] });
}
