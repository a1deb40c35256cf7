/** Deals, their parties and sides, as the hub's JSON tells them. Times are RFC 3339, money is minor units. */
import type { OrgRef } from './common';
import type { OrderSummary } from './orders';
import type { Room } from './rooms';

export const STAGES = [
  'identified',
  'qualified',
  'technical_ok',
  'business_ok',
  'committed',
  'won',
  'delivered',
  'lost',
] as const;

export type Stage = (typeof STAGES)[number];

export const CARD_FIELDS = ['title', 'account', 'amount', 'close_on', 'next_step', 'stage'] as const;

export type CardField = (typeof CARD_FIELDS)[number];

export const SIDE_FIELDS = ['stage_name', 'margin_bp', 'forecast_minor', 'notes', 'crm_id'] as const;

export type SideField = (typeof SIDE_FIELDS)[number];

export interface DealSummary {
  id: string;
  title?: string;
  account?: string;
  amount_minor?: number;
  currency?: string;
  stage?: Stage;
  close_on?: string | null;
  next_step?: string | null;
  host: OrgRef;
  parties: OrgRef[];
  own_stage_name?: string | null;
  unread: number;
  updated_at: string;
  revision: number;
  fields: CardField[];
}

export interface Lane {
  stage: Stage;
  count: number;
  sums: { currency: string; amount_minor: number }[];
  deals: DealSummary[];
}

export interface BoardView {
  lanes: Lane[];
}

export type PartyMove = 'accept' | 'decline' | 'leave' | 'remove' | 'cancel';

export interface Party {
  id: string;
  organisation: OrgRef;
  role: 'host' | 'party' | 'observer';
  state: 'invited' | 'active' | 'left' | 'removed' | 'dropped' | 'declined' | 'cancelled' | 'expired';
  fields: CardField[];
  verbs: string[];
  moves: PartyMove[];
  revision: number;
}

export interface SideValues {
  stage_name?: string | null;
  margin_bp?: number | null;
  forecast_minor?: number | null;
  notes?: string | null;
  crm_id?: string | null;
}

export interface Side extends SideValues {
  published: SideField[];
  revision: number;
}

export interface Deal extends DealSummary {
  account_id?: string | null;
  state: 'open' | 'closed';
  you: { party: string; role: 'host' | 'party'; can_edit: boolean; can_invite: boolean };
  who_sees: Partial<Record<CardField, OrgRef[]>>;
  party_list: Party[];
  side: Side;
  other_sides: ({ organisation: OrgRef } & SideValues)[];
  rooms: Room[];
  next_stages: Stage[];
  orders: OrderSummary[];
}

export interface DealInvitation {
  deal: string;
  party: string;
  title: string | null;
  from: OrgRef;
  fields: CardField[];
  at: string;
}
