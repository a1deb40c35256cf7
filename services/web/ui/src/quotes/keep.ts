import type { Quote } from '../api/types';
import { queries } from '../app/queries';

/** What the hub answered is what the screen shows; the lists that may differ now are asked again. */
export function keep(quote: Quote) {
  queries.setQueryData(['quote', quote.id], quote);
  for (const key of ['quotes', 'deal-quotes', 'rfqs', 'papers', 'orders', 'deal'])
    void queries.invalidateQueries({ queryKey: [key] });
}
