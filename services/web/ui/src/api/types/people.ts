/** Sessions, people, organisations, partnerships, and the house, as the hub's JSON tells them. Times are RFC 3339, money is minor units. */
import type { Locale, OrgRef, Role } from './common';

export interface MembershipRef {
  id: string;
  organisation: OrgRef;
  role: Role;
}

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

export interface Session {
  id: string;
  current: boolean;
  user_agent: string | null;
  created_at: string;
  seen_at: string;
}

export interface Token {
  id: string;
  name: string;
  scopes: string[];
  created_at: string;
  last_used_at: string | null;
  token?: string;
}

export interface Identifier {
  scheme: 'gln' | 'duns' | 'vat' | 'isa';
  value: string;
}

export interface Organisation {
  id: string;
  name: string;
  domain: string;
  domain_verified: boolean;
  identifiers: Identifier[];
  revision: number;
}

export interface Member {
  membership: string;
  person: { id: string; name: string; email: string };
  role: Role;
  state: 'active' | 'suspended';
  revision: number;
}

export interface Invitation {
  id: string;
  email: string;
  role: Role;
  state: string;
  expires_at: string;
  link?: string;
}

export interface OpenInvitation {
  kind: 'member' | 'partner';
  organisation: { name: string };
  email: string;
  role: Role;
  state: string;
}

export type PartnershipState = 'proposed' | 'active' | 'suspended' | 'ending' | 'ended' | 'closed';

export type PartnershipMove =
  | 'accept'
  | 'decline'
  | 'cancel'
  | 'suspend'
  | 'resume'
  | 'give_notice'
  | 'end_now';

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

export interface AuditEntry {
  seq: number;
  at: string;
  actor: string | null;
  action: string;
  subject: string;
  detail: unknown;
}

export interface Notice {
  id: string;
  kind: string;
  params: Record<string, string>;
  subject: { kind: string; id: string } | null;
  at: string;
  read: boolean;
}

export interface OutboxMail {
  id: string;
  to: string;
  subject: string;
  state: 'queued' | 'sent' | 'failed' | 'kept' | 'cancelled';
  attempts: number;
  error?: string | null;
  at: string;
}

export interface QuarantinedMail {
  id: string;
  from: string;
  to: string;
  subject: string | null;
  reason: string;
  at: string;
}
