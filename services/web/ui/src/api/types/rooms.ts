/** Rooms, their events and guests, as the hub's JSON tells them. Times are RFC 3339, money is minor units. */
import type { OrgRef } from './common';

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

export type EventKind =
  | 'msg'
  | 'edit'
  | 'redact'
  | 'react'
  | 'pin'
  | 'card'
  | 'stage'
  | 'party'
  | 'guest'
  | 'order'
  | 'edi'
  | 'topic';

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

export interface EventPage {
  epoch: string;
  head: number;
  first: number;
  items: RoomEvent[];
}

export interface Sent {
  cid: string;
  room: string;
  seq: number;
  at: number;
  dup?: boolean;
}
