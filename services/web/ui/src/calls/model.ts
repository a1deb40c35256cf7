import type { CallState, Frame } from '../api/socket';

/** The calls of rooms that are followed, by room. */
export type Going = Readonly<Record<string, CallState>>;

/** What a frame makes of the calls that are known; the same object if it says nothing new. */
export function going(before: Going, frame: Frame): Going {
  // Who comes back, or opens the room again, is told of what goes on there.
  if (frame.t === 'welcome') return Object.keys(before).length > 0 ? {} : before;
  if (frame.t === 'revoked' || frame.t === 'subd') return without(before, frame.room);
  if (frame.t === 'ev' && frame.kind === 'call') {
    const told = (frame.detail as { call?: string } | null)?.call;
    return before[frame.room]?.call === told ? without(before, frame.room) : before;
  }
  if (frame.t !== 'call') return before;
  if (!frame.call) return without(before, frame.room);
  const known = before[frame.room];
  if (known?.call === frame.call && known.revision > frame.revision) return before;
  return { ...before, [frame.room]: frame };
}

function without(before: Going, room: string): Going {
  if (!(room in before)) return before;
  const { [room]: _gone, ...rest } = before;
  return rest;
}

/** Who comes and who goes, among the others: whom to connect to, and whom to let go. */
export function difference(known: Iterable<string>, state: CallState, own: string) {
  const there = state.seats.map((one) => one.seat).filter((seat) => seat !== own);
  const before = [...known];
  return {
    came: there.filter((seat) => !before.includes(seat)),
    went: before.filter((seat) => !there.includes(seat)),
  };
}

/** Of two browsers, the one with the later seat gives way when their offers cross. */
export const isPolite = (own: string, other: string) => own > other;

/** How long something lasted, as a clock shows it. */
export function lasted(ms: number) {
  const seconds = Math.max(0, Math.floor(ms / 1_000));
  const two = (number: number) => String(number).padStart(2, '0');
  const hours = Math.floor(seconds / 3_600);
  const rest = `${two(Math.floor((seconds % 3_600) / 60))}:${two(seconds % 60)}`;
  return hours > 0 ? `${hours}:${rest}` : rest;
}
