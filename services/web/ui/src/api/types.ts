/** The hub's JSON, as `/api/v1/openapi.json` describes it. Times are RFC 3339, money is minor units. */

export interface OrgRef { id: string; name: string }
export interface PersonRef { id: string; name: string }
export interface Page<T> { items: T[]; next: string | null; total?: number }
export type Locale = 'en' | 'fr' | 'es';

export const ROLES = ['owner', 'admin', 'channel_manager', 'seller', 'marketer', 'buyer', 'support', 'edi_operator', 'finance', 'viewer'] as const;
export type Role = (typeof ROLES)[number];

export interface MembershipRef { id: string; organisation: OrgRef; role: Role }
export interface Me {
  organisation: OrgRef & { domain: string };
  person: { id: string; name: string; email: string; locale: Locale };
  role: Role;
  can: string[];
  memberships: MembershipRef[];
  unread_notifications: number;
}
export interface SignedIn {
  token: string;
  organisation: OrgRef;
  person: { id: string; name: string; email: string; locale: Locale };
  role: Role;
  memberships: MembershipRef[];
}
export interface Session { id: string; current: boolean; user_agent: string | null; created_at: string; seen_at: string }
export interface Token { id: string; name: string; scopes: string[]; created_at: string; last_used_at: string | null; token?: string }

export interface Identifier { scheme: 'gln' | 'duns' | 'vat' | 'isa'; value: string }
export interface Organisation { id: string; name: string; domain: string; domain_verified: boolean; identifiers: Identifier[]; revision: number }
export interface Member { membership: string; person: { id: string; name: string; email: string }; role: Role; state: 'active' | 'suspended'; revision: number }
export interface Invitation { id: string; email: string; role: Role; state: string; expires_at: string; link?: string }
export interface OpenInvitation { kind: 'member' | 'partner'; organisation: { name: string }; email: string; role: Role; state: string }

export type PartnershipState = 'proposed' | 'active' | 'suspended' | 'ending' | 'ended' | 'closed';
export type PartnershipMove = 'accept' | 'decline' | 'cancel' | 'suspend' | 'resume' | 'give_notice' | 'end_now';
export interface Partnership {
  id: string;
  partner: { id: string | null; name: string; domain: string };
  state: PartnershipState;
  by_us: boolean;
  suspended_by_us?: boolean;
  message?: string | null;
  shared_spaces: number;
  ends_at?: string | null;
  reason?: string | null;
  expires_at?: string | null;
  created_at: string;
  revision: number;
  moves: PartnershipMove[];
}
export interface AuditEntry { seq: number; at: string; actor: string | null; action: string; subject: string; detail: unknown }
export interface Notice { id: string; kind: string; params: Record<string, string>; subject: { kind: string; id: string } | null; at: string; read: boolean }
export interface Found { kind: 'account' | 'deal' | 'partner'; id: string; title: string; subtitle: string | null }

export const ACCOUNT_FIELDS = ['name', 'domain', 'vat', 'city', 'country', 'segment', 'discount_bp', 'notes'] as const;
export type AccountField = (typeof ACCOUNT_FIELDS)[number];
export interface AccountGrant { grant: string; organisation: OrgRef; fields: AccountField[]; verbs: string[] }
export interface Account {
  id: string;
  own: boolean;
  owner_organisation: OrgRef;
  name?: string;
  domain?: string | null;
  vat?: string | null;
  city?: string | null;
  country?: string | null;
  segment?: string | null;
  discount_bp?: number | null;
  notes?: string | null;
  owner?: PersonRef | null;
  fields: AccountField[];
  verbs?: string[];
  shared_with?: AccountGrant[];
  revision: number;
  created_at: string;
  updated_at: string;
}
export interface Contact { id: string; name: string; email: string | null; phone: string | null; title: string | null; revision: number }
export interface ImportFault { row: number; column: string; value: string; message: string }
export interface ImportResult {
  id: string | null;
  filename: string;
  rows: number;
  created: number;
  duplicates: number;
  errors: ImportFault[];
  error_count?: number;
  preview: Record<string, string | null>[];
  state: 'dry' | 'applied';
}
export interface ImportEntry { id: string; filename: string; rows: number; created: number; at: string; by: PersonRef | null; state: 'applied' | 'undone' }

export const STAGES = ['identified', 'qualified', 'technical_ok', 'business_ok', 'committed', 'won', 'delivered', 'lost'] as const;
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
export interface Lane { stage: Stage; count: number; sums: { currency: string; amount_minor: number }[]; deals: DealSummary[] }
export interface BoardView { lanes: Lane[] }
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
export interface SideValues { stage_name?: string | null; margin_bp?: number | null; forecast_minor?: number | null; notes?: string | null; crm_id?: string | null }
export interface Side extends SideValues { published: SideField[]; revision: number }
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
export interface DealInvitation { deal: string; party: string; title: string | null; from: OrgRef; fields: CardField[]; at: string }

export interface Guest {
  id: string;
  email: string;
  name: string;
  state: 'added' | 'active' | 'removed' | 'bounced';
  sponsor: OrgRef;
  last_mail: { state: 'queued' | 'sent' | 'failed' | 'outbox'; at: string } | null;
}
export interface Room {
  id: string;
  deal: string;
  kind: 'main' | 'internal' | 'topic';
  title: string | null;
  head: number;
  first: number;
  read: number;
  epoch: string;
  guests?: Guest[];
  audience: OrgRef[];
}
export type EventKind = 'msg' | 'edit' | 'redact' | 'react' | 'pin' | 'card' | 'stage' | 'party' | 'guest' | 'order' | 'edi' | 'topic';
export interface RoomEvent {
  room: string;
  seq: number;
  kind: EventKind;
  author: string;
  name: string;
  organisation: string | null;
  organisation_name: string | null;
  cid?: string;
  at: number;
  body?: string;
  via?: 'email';
  target?: number;
  detail?: Record<string, unknown>;
}
export interface EventPage { epoch: string; head: number; first: number; items: RoomEvent[] }
export interface Sent { cid: string; room: string; seq: number; at: number; dup?: boolean }

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
  deal: { id: string; title: string } | null;
  updated_at: string;
  revision: number;
}
export type Decision = 'accept' | 'change' | 'reject';
export interface LineAnswer { decision: Decision; quantity?: string; unit_price?: string; requested_on?: string }
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
export interface Order extends OrderSummary { lines: OrderLine[]; documents: Interchange[]; can_answer: boolean }
export type InterchangeState = 'received' | 'applied' | 'quarantined' | 'rejected' | 'duplicate' | 'built' | 'sent';
export interface EdiFault { text: string; segment: string | null; segment_number: number | null; element: number | string | null; byte: number | null; value: string | null }
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
export interface OutboxMail { id: string; to: string; subject: string; state: 'queued' | 'sent' | 'failed' | 'kept'; attempts: number; error?: string | null; at: string }
export interface QuarantinedMail { id: string; from: string; to: string; subject: string | null; reason: string; at: string }
