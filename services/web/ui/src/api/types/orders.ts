/** Orders and the interchanges that carry them, as the hub's JSON tells them. Times are RFC 3339, money is minor units. */
import type { OrgRef } from './common';

export type OrderState = 'received' | 'accepted' | 'accepted_with_change' | 'rejected';

export interface OrderSummary {
  id: string;
  number: string;
  state: OrderState;
  buyer: { id: string | null; name: string };
  seller: OrgRef;
  ordered_on: string;
  currency: string;
  total_minor: number;
  deal: { id: string; title: string | null } | null;
  updated_at: string;
  revision: number;
}

export type Decision = 'accept' | 'change' | 'reject';

export interface LineAnswer {
  decision: Decision;
  quantity?: string;
  unit_price?: string;
  requested_on?: string;
}

export interface OrderLine {
  line: string;
  quantity: string;
  unit: string;
  unit_price: string;
  amount_minor: number;
  product: string;
  description: string | null;
  requested_on: string | null;
  answer: LineAnswer | null;
}

export interface Order extends OrderSummary {
  lines: OrderLine[];
  documents: Interchange[];
  can_answer: boolean;
}

export type InterchangeState =
  | 'received'
  | 'applied'
  | 'quarantined'
  | 'rejected'
  | 'duplicate'
  | 'built'
  | 'sent';

export interface EdiFault {
  text: string;
  mend?: string | null;
  segment: string | null;
  segment_number: number | null;
  element: number | string | null;
  byte: number | null;
  value: string | null;
}

export interface Interchange {
  id: string;
  direction: 'in' | 'out';
  kind: '850' | '855' | '997' | 'TA1' | 'unknown';
  state: InterchangeState;
  control_number: string | null;
  sender: string | null;
  receiver: string | null;
  bytes: number;
  sha256: string;
  order: { id: string; number: string } | null;
  acknowledges: string | null;
  acknowledged_by: { id: string; kind: string; state: string }[];
  faults: EdiFault[];
  at: string;
}
