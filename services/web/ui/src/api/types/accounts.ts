/** Accounts, their contacts and imports, as the hub's JSON tells them. Times are RFC 3339, money is minor units. */
import type { OrgRef, PersonRef } from './common';

export const ACCOUNT_FIELDS = [
  'name',
  'domain',
  'vat',
  'city',
  'country',
  'segment',
  'discount_bp',
  'notes',
] as const;

export type AccountField = (typeof ACCOUNT_FIELDS)[number];

export interface AccountGrant {
  grant: string;
  organisation: OrgRef;
  fields: AccountField[];
  verbs: string[];
}

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

export interface Contact {
  id: string;
  name: string;
  email: string | null;
  phone: string | null;
  title: string | null;
  revision: number;
}

export interface ImportFault {
  row: number;
  column: string;
  value: string;
  message: string;
}

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

export interface ImportEntry {
  id: string;
  filename: string;
  rows: number;
  created: number;
  at: string;
  by: PersonRef | null;
  state: 'applied' | 'undone';
}
