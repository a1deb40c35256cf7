import type { QueryClient } from '@tanstack/react-query';
import { socket, type Frame } from './socket';

/** What to read again when the hub hints that a record of this kind changed. */
const STALE: Record<string, (id: string) => string[][]> = {
  deal: (id) => [['board'], ['deals'], ['deal', id], ['deal-invitations']],
  account: (id) => [['accounts'], ['account', id]],
  partnership: () => [['partnerships'], ['board'], ['directs'], ['accounts'], ['registrations'], ['registration-vendors'], ['leads'], ['lead-offer'], ['fund-parts'], ['fund-requests'], ['fund-request'], ['fund'], ['mappings'], ['mapping']],
  quote: (id) => [['quotes'], ['quote', id], ['deal-quotes'], ['rfqs', 'quotes']],
  mapping: (id) => [['mappings'], ['mapping', id]],
  population: () => [['populations'], ['mapping']],
  product: () => [['products'], ['prices']],
  rfq: () => [['rfqs']],
  registration: (id) => [['registrations'], ['registration', id]],
  fund: (id) => [['funds'], ['fund', id], ['fund-ledger', id]],
  fund_allocation: () => [['fund-parts']],
  fund_request: (id) => [['fund-requests'], ['fund-request', id]],
  lead: (id) => [['leads'], ['lead', id], ['lead-offer', id]],
  order: (id) => [['orders'], ['order', id], ['deal']],
  shipment: (id) => [['shipment', id], ['order']],
  invoice: (id) => [['invoices'], ['invoice', id], ['order']],
  notification: () => [['notifications'], ['reports'], ['me']],
  invitation: () => [['invitations'], ['deal-invitations'], ['partnerships']],
  own: () => [['room-own'], ['own-mail'], ['room-pace']],
  call: () => [['rings']],
  export: (id) => [['exports', id]],
  read: () => [['board'], ['deals'], ['deal'], ['directs']],
  room: () => [['board'], ['deals'], ['deal'], ['directs'], ['me']],
  interchange: (id) => [['interchanges'], ['interchange', id], ['order'], ['papers']],
};

const GATHER_MS = 120;

/** Follows `me` and keeps the queries true. Hints are never replayed, so a reconnect reads all again. */
export function followHints(queries: QueryClient) {
  let stale = new Map<string, string[]>();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const flush = () => {
    timer = undefined;
    const keys = [...stale.values()];
    stale = new Map();
    for (const queryKey of keys) void queries.invalidateQueries({ queryKey });
  };
  // What was read before the hints began to flow may have missed one.
  const hear = (frame: Frame) => {
    if (frame.t === 'subd') void queries.invalidateQueries({ refetchType: 'active' });
  };
  const leave = socket.follow('me', { cursor: () => undefined, hear });
  const deaf = socket.listen((frame: Frame) => {
    if (frame.t === 'revoked') {
      for (const key of [['board'], ['deals'], ['orders'], ['invoices'], ['quotes'], ['quote'], ['deal'], ['directs'], ['reports'], ['me']])
        void queries.invalidateQueries({ queryKey: key });
    }
    if (frame.t !== 'changed') return;
    for (const key of STALE[frame.kind]?.(frame.id) ?? []) stale.set(key.join(' '), key);
    timer ??= setTimeout(flush, GATHER_MS);
  });
  return () => {
    clearTimeout(timer);
    leave();
    deaf();
  };
}
