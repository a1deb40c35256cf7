import { socket, type Frame } from '../api/socket';

/** What one does in a room: says something, or does something to what was said. */
export type Act =
  | { act: 'send'; body: string; reply_to?: number }
  | { act: 'edit'; target: number; body: string }
  | { act: 'redact'; target: number }
  | { act: 'react'; target: number; emoji: string; on: boolean }
  | { act: 'pin'; target: number; on: boolean };

interface Envelope {
  cid: string;
  room: string;
  /** Who writes: person and acting organisation, so that nobody sends in another's name. */
  owner: string;
  at: number;
  state: 'waiting' | 'sent' | 'failed';
  code?: string;
  /** Where the hub put it; until that place is in the log, it is shown from here. */
  seq?: number;
}

/** An act that the hub has not acknowledged yet. It survives a reload in IndexedDB. */
export type Entry = Envelope & Act;
/** A message among them. */
export type Pending = Extract<Entry, { act: 'send' }>;

const RESEND_MS = 12_000;

/** Keeps messages until the hub has them; sends the same cid again after every reconnect. */
export class Outbox {
  private entries: Entry[] = [];
  private refusals = new Set<(entry: Entry) => void>();
  private owner = '';
  private watchers = new Set<() => void>();
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(private shelf: Shelf = idbShelf()) {
    socket.listen((frame) => this.take(frame));
  }

  async open(owner: string) {
    if (this.owner === owner) return;
    this.owner = owner;
    const kept = await this.shelf.all().catch(() => []);
    const mine = kept.filter((entry) => entry.owner === owner).map(whole);
    this.become([
      ...mine,
      ...this.entries.filter(
        (entry) => !mine.some((kept) => kept.cid === entry.cid) && entry.owner === owner,
      ),
    ]);
    this.flush();
  }

  watch = (watcher: () => void) => {
    this.watchers.add(watcher);
    return () => void this.watchers.delete(watcher);
  };

  all = () => this.entries;

  /** Hears what the hub refused and nobody sees in a room: a reaction, a pin, a taking back. */
  onRefusal(hear: (entry: Entry) => void) {
    this.refusals.add(hear);
    return () => void this.refusals.delete(hear);
  }

  write = (room: string, body: string, reply_to?: number) =>
    this.act(room, { act: 'send', body, ...(reply_to === undefined ? {} : { reply_to }) });

  act(room: string, act: Act): Entry {
    const entry: Entry = {
      cid: uuidv7(),
      room,
      owner: this.owner,
      at: Date.now(),
      state: 'waiting',
      ...act,
    };
    this.become([...this.entries, entry]);
    void this.shelf.put(entry).catch(() => {});
    this.push(entry);
    return entry;
  }

  retry(cid: string) {
    this.change(cid, { state: 'waiting', code: undefined });
    const entry = this.entries.find((entry) => entry.cid === cid);
    if (entry) this.push(entry);
  }

  discard(cid: string) {
    this.become(this.entries.filter((entry) => entry.cid !== cid));
    void this.shelf.drop(cid).catch(() => {});
  }

  private flush() {
    for (const entry of this.entries) if (entry.state === 'waiting') this.push(entry);
  }

  private push(entry: Entry) {
    const { act, owner: _owner, at: _at, state: _state, code: _code, seq: _seq, ...frame } = entry;
    socket.send({ t: act, id: socket.id(), ...frame });
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.flush(), RESEND_MS);
  }

  private take(frame: Frame) {
    if (frame.t === 'welcome') return this.flush();
    if (frame.t === 'ev' && frame.cid) return this.settle(frame.cid);
    if (frame.t === 'ack') {
      // What stood there already brings no event.
      if (frame.dup && this.entries.some((one) => one.cid === frame.cid && one.act !== 'send'))
        return this.discard(frame.cid);
      this.change(frame.cid, { state: 'sent', seq: frame.seq });
      void this.shelf.drop(frame.cid).catch(() => {});
    }
    if (frame.t === 'nak' && frame.cid) this.refused(frame.cid, frame.code, frame.retry);
  }

  private settle(cid: string) {
    if (this.entries.some((entry) => entry.cid === cid)) this.discard(cid);
  }

  private refused(cid: string, code: string, retry?: number | boolean) {
    if (!retry) {
      const entry = this.entries.find((one) => one.cid === cid);
      if (!entry || entry.act === 'send' || entry.act === 'edit')
        return this.change(cid, { state: 'failed', code });
      // There are no words to lose: it is shown as it was, and said.
      this.discard(cid);
      for (const hear of this.refusals) hear({ ...entry, code });
      return;
    }
    setTimeout(() => this.flush(), typeof retry === 'number' ? retry : 2_000);
  }

  private change(cid: string, to: Partial<Envelope>) {
    this.become(this.entries.map((entry) => (entry.cid === cid ? { ...entry, ...to } : entry)));
  }

  private become(entries: Entry[]) {
    this.entries = entries;
    for (const watcher of this.watchers) watcher();
  }
}

/** Messages were kept before there were other acts. */
const whole = (entry: Entry): Entry => ({ ...({ act: 'send' } as object), ...entry });

export interface Shelf {
  all(): Promise<Entry[]>;
  put(entry: Entry): Promise<void>;
  drop(cid: string): Promise<void>;
}

function idbShelf(): Shelf {
  let opened: Promise<IDBDatabase> | undefined;
  const database = () =>
    (opened ??= new Promise((resolve, reject) => {
      const request = indexedDB.open('entente', 1);
      request.onupgradeneeded = () => request.result.createObjectStore('outbox', { keyPath: 'cid' });
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error);
    }));
  const run = async <T>(mode: IDBTransactionMode, act: (store: IDBObjectStore) => IDBRequest<T>) => {
    const store = (await database()).transaction('outbox', mode).objectStore('outbox');
    return new Promise<T>((resolve, reject) => {
      const request = act(store);
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error);
    });
  };
  return {
    all: () => run<Entry[]>('readonly', (store) => store.getAll()),
    put: async (entry) => void (await run('readwrite', (store) => store.put(entry))),
    drop: async (cid) => void (await run('readwrite', (store) => store.delete(cid))),
  };
}

/** A UUID version 7: time first, then chance. */
export function uuidv7(nowMs = Date.now()) {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  for (let place = 0; place < 6; place += 1) bytes[place] = Math.floor(nowMs / 2 ** (8 * (5 - place))) & 0xff;
  bytes[6] = 0x70 | (bytes[6] & 0x0f);
  bytes[8] = 0x80 | (bytes[8] & 0x3f);
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

export const outbox = new Outbox();
