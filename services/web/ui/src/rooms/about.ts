import type { RoomEvent } from '../api/types';
import type { Act } from './outbox';

export interface Giver {
  user: string;
  name: string;
}
/** Who reads: besides the person, for which side. */
export interface Reader extends Giver {
  organisation?: string;
}
export interface Reaction {
  emoji: string;
  by: Giver[];
}

/** How a message stands: what it says by now, and what was said about it. */
export interface Standing {
  body?: string;
  edited: boolean;
  /** It was taken back; a tombstone is left. */
  gone: boolean;
  /** Who hid it: its author's side still reads it, for others it is gone until it is shown again. */
  hidden?: string;
  reactions: Reaction[];
  pinned: boolean;
  replies: number;
  /** When it was answered last: milliseconds since 1970. */
  repliedAt?: number;
  /** Something of ours about it is still on its way to the hub. */
  waits: boolean;
  /** Better words of ours that the hub refused, kept for another try. */
  unsaved?: { cid: string; body: string; code?: string };
}

/** An event as a page tells it: perhaps with what the hub folded. */
type Told = RoomEvent & {
  now?: {
    body?: string | null;
    edited?: number | null;
    redacted?: boolean;
    hidden?: string | null;
    reactions?: Reaction[];
    pinned?: boolean;
    replies?: number;
  } | null;
};
/** What one did oneself and the hub has not told yet. */
export type Own = Act & { cid: string; state: 'waiting' | 'sent' | 'failed'; code?: string };

const bare = (event: RoomEvent): Standing => ({
  body: event.body ?? undefined,
  edited: false,
  gone: typeof event.body !== 'string',
  hidden: event.hidden ?? undefined,
  reactions: [],
  pinned: false,
  replies: 0,
  waits: false,
});

function told(event: Told): Standing {
  const { now } = event;
  if (!now) return bare(event);
  return {
    ...bare(event),
    body: now.body ?? event.body ?? undefined,
    edited: typeof now.edited === 'number',
    gone: !!now.redacted || typeof event.body !== 'string',
    hidden: now.hidden ?? event.hidden ?? undefined,
    reactions: (now.reactions ?? []).map(({ emoji, by }) => ({ emoji, by: [...by] })),
    pinned: !!now.pinned,
    replies: now.replies ?? 0,
  };
}

/**
 * Folds what was said about messages. Whoever holds a log up to its head needs nothing else; a page out of the
 * middle begins with what the hub folded (`now`), and `later` are the events after that.
 */
export function standings(
  log: RoomEvent[],
  own: Own[],
  me: Reader,
  page?: { items: Told[]; head: number },
): Map<number, Standing> {
  const all = new Map<number, Standing>();
  for (const event of page?.items ?? log) {
    if (event.kind === 'msg') all.set(event.seq, page ? told(event) : bare(event));
  }
  for (const event of log) {
    if (typeof event.target !== 'number' || (page && event.seq <= page.head)) continue;
    const one = all.get(event.target);
    if (one) apply(one, event);
  }
  for (const event of page?.items ?? log) {
    const one = all.get(event.seq);
    if (one?.hidden && event.organisation !== me.organisation) takeBack(one);
  }
  for (const act of own) {
    if (act.act === 'send') continue;
    const one = all.get(act.target);
    if (one) expect(one, act, me);
  }
  return all;
}

function apply(one: Standing, event: RoomEvent) {
  const detail = (event.detail ?? {}) as { emoji?: string; on?: boolean };
  switch (event.kind) {
    case 'msg':
      one.replies += 1;
      one.repliedAt = event.at;
      return;
    case 'edit':
      if (one.gone) return;
      one.edited = true;
      if (typeof event.body === 'string') one.body = event.body;
      return;
    case 'redact':
      return takeBack(one);
    case 'react':
      if (detail.emoji) react(one, detail.emoji, { user: event.author, name: event.name }, !!detail.on);
      return;
    case 'pin':
      one.pinned = !!detail.on;
      return;
    case 'hide':
      one.hidden = detail.on ? event.name : undefined;
      return;
    default:
      return;
  }
}

/** Shows what one did before the hub has it; what it refused is shown as it was. */
function expect(one: Standing, act: Exclude<Own, { act: 'send' }>, me: Giver) {
  if (act.state === 'failed') {
    if (act.act === 'edit') one.unsaved = { cid: act.cid, body: act.body, code: act.code };
    return;
  }
  switch (act.act) {
    case 'edit':
      if (one.gone) return;
      one.body = act.body;
      one.edited = true;
      one.waits = true;
      return;
    case 'redact':
      return takeBack(one);
    case 'react':
      return react(one, act.emoji, me, act.on);
    case 'pin':
      one.pinned = act.on;
      return;
  }
}

function takeBack(one: Standing) {
  Object.assign(one, { body: undefined, gone: true, edited: false, reactions: [], pinned: false });
}

function react(one: Standing, emoji: string, who: Giver, on: boolean) {
  if (one.gone) return;
  const at = one.reactions.findIndex((reaction) => reaction.emoji === emoji);
  const by = (one.reactions[at]?.by ?? []).filter((giver) => giver.user !== who.user);
  const known = at >= 0 && by.length < one.reactions[at].by.length;
  if (on && known) return;
  if (on) by.push(who);
  if (at < 0) {
    if (on) one.reactions.push({ emoji, by });
  } else if (by.length > 0) {
    one.reactions[at] = { emoji, by };
  } else {
    one.reactions.splice(at, 1);
  }
}
