import { backoffMs, isFatal } from './backoff';
import type { RoomEvent } from './types';

export interface Cursor {
  epoch: string;
  seq: number;
}
export type Status = 'idle' | 'connecting' | 'live' | 'waiting' | 'refused';

export type SignalKind = 'offer' | 'answer' | 'candidate';

/** Somebody who is in a call. */
export interface CallSeat {
  seat: string;
  user: string;
  name: string;
  organisation: string;
  organisation_name: string;
  muted: boolean;
  sharing: boolean;
  since: number;
}

/** A room's call as it stands; without `call` there is none. */
export interface CallState {
  room: string;
  call: string | null;
  revision: number;
  since: number;
  by: string;
  by_name: string;
  seats: CallSeat[];
  most: number;
}

export type Frame =
  | { t: 'welcome'; id: number; user: string; conn: string; hb_ms: number }
  | {
      t: 'subd';
      id: number;
      room: string;
      epoch: string;
      head: number;
      from: number;
      mode: 'live' | 'replay' | 'gap';
    }
  | ({ t: 'ev' } & RoomEvent)
  | { t: 'caught'; room: string; seq: number }
  | { t: 'gap'; room: string; head: number }
  | { t: 'ack'; id?: number; cid: string; room: string; seq: number; at?: number; dup?: boolean }
  | { t: 'nak'; id?: number; cid?: string; room?: string; code: string; retry?: number | boolean }
  | {
      t: 'eph';
      room: string;
      kind: 'typing' | 'presence' | 'read';
      user: string;
      name: string;
      exp: number;
      online?: boolean;
      seq?: number;
    }
  | ({ t: 'call' } & CallState)
  | { t: 'call_joined'; id?: number; room: string; call: string; seat: string; ice: RTCIceServer[] }
  | { t: 'call_signal'; room: string; seat: string; from: string; kind: SignalKind; body: string }
  | { t: 'call_over'; room: string; seat: string; reason: string }
  | { t: 'revoked'; room: string; reason: string }
  | { t: 'changed'; kind: string; id: string; revision?: number }
  | { t: 'ping'; n?: number }
  | { t: 'bye'; code: number; retry_ms?: number }
  | { t: 'pong'; n?: number };

/** Somebody who follows a room: says from where, and hears what the hub tells of it. */
export interface Follower {
  cursor(): Cursor | undefined;
  hear(frame: Frame): void;
}

/** What the socket needs from the world; tests give their own. */
export interface World {
  open(): WebSocket;
  chance(): number;
}

const SILENCE_MS = 35_000;
const PROTOCOL = 'entente.v1.json';

const browser: World = {
  open: () => {
    const scheme = location.protocol === 'https:' ? 'wss' : 'ws';
    return new WebSocket(`${scheme}://${location.host}/api/v1/socket`, PROTOCOL);
  },
  chance: Math.random,
};

/**
 * The one connection of the app. It says hello with the session cookie, follows rooms again after
 * every reconnect from where each follower stands, and is silent towards a hub that is gone.
 */
export class Socket {
  status: Status = 'idle';
  private wire: WebSocket | null = null;
  private followers = new Map<string, Follower>();
  private listeners = new Set<(frame: Frame) => void>();
  private watchers = new Set<() => void>();
  private tries = 0;
  private nextId = 1;
  private retryMs: number | null = null;
  private silence: ReturnType<typeof setTimeout> | undefined;
  private again: ReturnType<typeof setTimeout> | undefined;

  constructor(private world: World = browser) {}

  start() {
    if (this.status !== 'idle' && this.status !== 'refused') return;
    this.tries = 0;
    this.connect();
  }

  stop() {
    clearTimeout(this.again);
    clearTimeout(this.silence);
    const wire = this.wire;
    this.wire = null;
    wire?.close(1000);
    this.become('idle');
  }

  /** Tries at once, for instance because the network came back. */
  wake() {
    if (this.status !== 'waiting') return;
    clearTimeout(this.again);
    this.connect();
  }

  follow(room: string, follower: Follower) {
    this.followers.set(room, follower);
    if (this.status === 'live') this.subscribe(room, follower);
    return () => {
      if (this.followers.get(room) !== follower) return;
      this.followers.delete(room);
      if (this.status === 'live') this.send({ t: 'unsub', room });
    };
  }

  /** Follows a room anew from its follower's cursor, after a gap was filled. */
  refollow(room: string) {
    const follower = this.followers.get(room);
    if (follower && this.status === 'live') this.subscribe(room, follower);
  }

  /** Hears every frame, whatever its room. */
  listen(listener: (frame: Frame) => void) {
    this.listeners.add(listener);
    return () => void this.listeners.delete(listener);
  }

  watch(watcher: () => void) {
    this.watchers.add(watcher);
    return () => void this.watchers.delete(watcher);
  }

  /** Sends a frame if the connection is live; says whether it went out. */
  send(frame: Record<string, unknown>) {
    if (this.status !== 'live' || this.wire?.readyState !== 1) return false;
    this.wire.send(JSON.stringify(frame));
    return true;
  }

  id = () => ++this.nextId;

  private connect() {
    this.become('connecting');
    const wire = this.world.open();
    this.wire = wire;
    wire.onopen = () => {
      this.listenForSilence();
      wire.send(JSON.stringify({ t: 'hello', id: 1, v: 1 }));
    };
    wire.onmessage = (message) => {
      if (this.wire === wire) this.take(JSON.parse(String(message.data)) as Frame);
    };
    wire.onclose = (closed) => {
      if (this.wire === wire) this.lost(closed.code);
    };
  }

  private take(frame: Frame) {
    this.listenForSilence();
    if (frame.t === 'ping') return void this.send({ t: 'pong', n: frame.n });
    if (frame.t === 'bye') this.retryMs = frame.retry_ms ?? null;
    if (frame.t === 'welcome') {
      this.tries = 0;
      this.become('live');
      for (const [room, follower] of this.followers) this.subscribe(room, follower);
    }
    const room = 'room' in frame ? frame.room : undefined;
    if (room) this.followers.get(room)?.hear(frame);
    if (frame.t === 'revoked') this.followers.delete(frame.room);
    for (const listener of this.listeners) listener(frame);
  }

  private subscribe(room: string, follower: Follower) {
    const cursor = follower.cursor();
    this.send({ t: 'sub', id: this.id(), room, ...(cursor ? { cursor } : {}) });
  }

  private lost(code: number) {
    clearTimeout(this.silence);
    this.wire = null;
    if (isFatal(code)) return this.become('refused');
    const waitMs = this.retryMs ?? backoffMs(this.tries, this.world.chance());
    this.retryMs = null;
    this.tries += 1;
    this.become('waiting');
    this.again = setTimeout(() => this.connect(), waitMs);
  }

  /** Any frame counts as a heartbeat; without one the connection is given up. */
  private listenForSilence() {
    clearTimeout(this.silence);
    this.silence = setTimeout(() => {
      const wire = this.wire;
      this.lost(4500);
      wire?.close();
    }, SILENCE_MS);
  }

  private become(status: Status) {
    if (this.status === status) return;
    this.status = status;
    for (const watcher of this.watchers) watcher();
  }
}

export const socket = new Socket();
