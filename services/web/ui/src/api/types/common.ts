/** What every part of the hub shares, as the hub's JSON tells them. Times are RFC 3339, money is minor units. */

export interface OrgRef {
  id: string;
  name: string;
}

export interface PersonRef {
  id: string;
  name: string;
}

export interface Page<T> {
  items: T[];
  next: string | null;
  total?: number;
}

export type Locale = 'en' | 'fr' | 'es';

export const ROLES = [
  'owner',
  'admin',
  'channel_manager',
  'seller',
  'marketer',
  'buyer',
  'support',
  'edi_operator',
  'finance',
  'viewer',
] as const;

export type Role = (typeof ROLES)[number];

export interface Found {
  kind: 'account' | 'deal' | 'partner';
  id: string;
  title: string;
  subtitle: string | null;
}
