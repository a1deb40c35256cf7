import { useEffect, useMemo, useSyncExternalStore } from 'react';
import { api, Problem } from '../api/client';
import { cursor, EMPTY, hasOlder, hear, join, last, type Log } from '../api/log';
import { socket, type Follower, type Frame } from '../api/socket';
import type { Room } from '../api/types';
import type { Own } from './about';
import { outbox, type Pending } from './outbox';
import type { Reader } from './readers';

const PAGE = 80;
const TYPING_MS = 3_000;
const READ_MS = 800;

export interface Somebody {
  user: string;
  name: string;
  until: number;
}
export interface View {
  log: Log;
  loading: boolean;
  older: boolean;
  fault: string | null;
  typing: Somebody[];
  present: Somebody[];
  /** Who told how far they read, since the room was opened. */
  readers: Reader[];
  revoked: string | null;
}

/** One open room: its log, who is there, and what the hub says of it. */
export class Stream implements Follower {
  private view: View = {
    log: EMPTY,
    loading: true,
    older: false,
    fault: null,
    typing: [],
    present: [],
    readers: [],
    revoked: null,
  };
  private watchers = new Set<() => void>();
  private leave = () => {};
  private filling = false;
  private typedAt = 0;
  private readTo = 0;
  private readTimer: ReturnType<typeof setTimeout> | undefined;
  private sweeper: ReturnType<typeof setInterval> | undefined;

  constructor(
    private room: string,
    private head: number,
  ) {}

  snapshot = () => this.view;
  watch = (watcher: () => void) => {
    this.watchers.add(watcher);
    return () => void this.watchers.delete(watcher);
  };

  async open() {
    this.sweeper = setInterval(() => this.sweep(), 1_000);
    await this.restart();
  }

  close() {
    clearInterval(this.sweeper);
    this.flushRead();
    this.leave();
    this.leave = () => {};
  }

  cursor = () => cursor(this.view.log);

  hear(frame: Frame) {
    if (frame.t === 'ev') return this.take(frame);
    if (frame.t === 'subd' && frame.mode === 'gap') return void this.fill(frame.epoch);
    if (frame.t === 'gap') return void this.fill();
    if (frame.t === 'eph') return this.feel(frame);
    if (frame.t === 'revoked') this.become({ revoked: frame.reason || 'removed', typing: [], present: [] });
  }

  async older() {
    const { log } = this.view;
    if (this.filling || !hasOlder(log)) return;
    this.filling = true;
    try {
      this.show(join(log, await this.page({ before: log.events[0].seq, limit: PAGE })));
    } finally {
      this.filling = false;
    }
  }

  /** Pages back until an event is held; says whether there is one that we may read. */
  async reach(seq: number) {
    for (let log = this.view.log; hasOlder(log) && log.events[0].seq > seq; log = this.view.log) {
      const oldest = log.events[0].seq;
      const limit = Math.min(200, Math.max(PAGE, oldest - seq + 20));
      this.show(join(log, await this.page({ before: oldest, limit })));
      if (this.view.log.events[0]?.seq === oldest) break;
    }
    return this.view.log.events.some((event) => event.seq === seq);
  }

  /** The first event from a moment on; none if nothing was said since. */
  async since(ms: number) {
    const page = await api.read(`/rooms/${this.room}/events`, { at: ms, limit: 1 });
    return page.items[0]?.seq;
  }

  typing() {
    if (Date.now() - this.typedAt < TYPING_MS) return;
    this.typedAt = Date.now();
    socket.send({ t: 'typing', room: this.room });
  }

  /** Remembers the furthest event that was read; told to the hub a little later. */
  read(seq: number) {
    if (seq <= this.readTo) return;
    this.readTo = seq;
    clearTimeout(this.readTimer);
    this.readTimer = setTimeout(() => this.flushRead(), READ_MS);
  }

  private flushRead() {
    if (!this.readTimer) return;
    clearTimeout(this.readTimer);
    this.readTimer = undefined;
    const told = socket.send({ t: 'read', room: this.room, seq: this.readTo });
    if (!told) void api.post(`/rooms/${this.room}/read`, { seq: this.readTo }).catch(() => {});
  }

  /** Reads the newest anew and follows from there; what a first try could not do, a second may. */
  async restart() {
    if (this.view.fault) this.become({ loading: true, fault: null });
    try {
      const page = await this.page({ before: this.head + 1, limit: PAGE });
      this.show(join(EMPTY, page));
      this.become({ loading: false, fault: null });
      this.leave();
      this.leave = socket.follow(this.room, this);
    } catch (refusal) {
      const gone = refusal instanceof Problem && refusal.status === 404;
      this.become({
        loading: false,
        ...(gone ? { revoked: 'removed' } : { fault: (refusal as Error).message }),
      });
    }
  }

  /** Pages over REST until the log is whole again, then follows from there. */
  private async fill(epoch?: string) {
    if (this.filling) return;
    this.filling = true;
    try {
      if (epoch && epoch !== this.view.log.epoch) {
        const newest = await this.page({ after: 0, limit: 1 });
        this.head = newest.head;
        this.show(join(EMPTY, await this.page({ before: newest.head + 1, limit: PAGE })));
      } else {
        for (let more = true; more; ) {
          const page = await this.page({ after: last(this.view.log), limit: 200 });
          this.show(join(this.view.log, page));
          more = page.items.length > 0 && last(this.view.log) < page.head;
        }
      }
      socket.refollow(this.room);
    } catch {
      setTimeout(() => void this.fill(epoch), 3_000);
    } finally {
      this.filling = false;
    }
  }

  private take(event: Extract<Frame, { t: 'ev' }>) {
    const [log, heard] = hear(this.view.log, event);
    if (heard === 'gap') return void this.fill();
    if (heard === 'added') {
      this.show(log);
      // What is shown again has words that are not held.
      const shown = event.kind === 'hide' && !(event.detail as { on?: boolean } | null)?.on;
      if (shown) void this.restart();
      this.become({ typing: this.view.typing.filter((one) => one.user !== event.author) });
    }
  }

  private feel(frame: Extract<Frame, { t: 'eph' }>) {
    if (frame.kind === 'read') {
      const { user, name, seq = 0 } = frame;
      const others = this.view.readers.filter((one) => one.user !== user);
      return this.become({ readers: [...others, { user, name, seq }] });
    }
    const until =
      frame.exp > 1e11 ? frame.exp : Date.now() + (frame.exp > 1000 ? frame.exp : frame.exp * 1000);
    const list = frame.kind === 'typing' ? this.view.typing : this.view.present;
    const others = list.filter((one) => one.user !== frame.user);
    const next = frame.online === false ? others : [...others, { user: frame.user, name: frame.name, until }];
    this.become(frame.kind === 'typing' ? { typing: next } : { present: next });
  }

  private sweep() {
    const now = Date.now();
    const alive = (list: Somebody[]) =>
      list.some((one) => one.until < now) ? list.filter((one) => one.until >= now) : list;
    const typing = alive(this.view.typing);
    const present = alive(this.view.present);
    if (typing !== this.view.typing || present !== this.view.present) this.become({ typing, present });
  }

  private page(query: { before?: number; after?: number; limit: number }) {
    return api.read(`/rooms/${this.room}/events`, query);
  }

  private show(log: Log) {
    this.become({ log, older: hasOlder(log) });
  }

  private become(change: Partial<View>) {
    this.view = { ...this.view, ...change };
    for (const watcher of this.watchers) watcher();
  }
}

export function useStream(room: Pick<Room, 'id' | 'head'>) {
  // The head only says where to begin reading; a later head must not open the room again.
  const stream = useMemo(() => new Stream(room.id, room.head), [room.id]);
  useEffect(() => {
    void stream.open();
    return () => stream.close();
  }, [stream]);
  return [useSyncExternalStore(stream.watch, stream.snapshot), stream] as const;
}

/** Messages of this room that stand in the outbox and not yet in the log. */
export function usePending(room: string, log: Log): Pending[] {
  const entries = useSyncExternalStore(outbox.watch, outbox.all);
  return useMemo(() => {
    const told = new Set(log.events.map((event) => event.cid).filter(Boolean));
    return entries.filter(
      (entry): entry is Pending => entry.act === 'send' && entry.room === room && !told.has(entry.cid),
    );
  }, [entries, room, log]);
}

/** What one did to messages of this room and the log does not tell yet. */
export function useOwn(room: string, log: Log): Own[] {
  const entries = useSyncExternalStore(outbox.watch, outbox.all);
  return useMemo(() => {
    const told = new Set(log.events.map((event) => event.cid).filter(Boolean));
    return entries.filter(
      (entry) =>
        entry.act !== 'send' &&
        entry.room === room &&
        !told.has(entry.cid) &&
        !(entry.seq && entry.seq <= last(log)),
    );
  }, [entries, room, log]);
}

export const useSocketStatus = () =>
  useSyncExternalStore(
    (watcher) => socket.watch(watcher),
    () => socket.status,
  );
