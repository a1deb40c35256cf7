import { useSyncExternalStore } from 'react';
import { socket } from '../api/socket';
import i18n from 'i18next';
import { say } from '../parts/say';
import { going, type Going } from './model';
import { Session, type Trouble, type View } from './session';

/** All that this window knows of calls: those of rooms that it follows, and the one it is in. */
interface Known {
  going: Going;
  own: View | null;
  /** The room that is on the screen. */
  shown: string | null;
}

let known: Known = { going: {}, own: null, shown: null };
let session: Session | null = null;
const watchers = new Set<() => void>();

function become(change: Partial<Known>) {
  known = { ...known, ...change };
  for (const watcher of watchers) watcher();
}

const TROUBLE: Record<Trouble, () => string> = {
  full: () => i18n.t('call.full', { count: 4 }),
  elsewhere: () => i18n.t('call.elsewhere'),
  revoked: () => i18n.t('call.revoked'),
  lapsed: () => i18n.t('call.lapsed'),
  off: () => i18n.t('call.off'),
  refused: () => i18n.t('call.refused'),
  taken: () => i18n.t('call.taken'),
  microphone: () => i18n.t('call.microphone_refused'),
};

/** Follows the calls of rooms, as long as somebody is signed in. */
export function followCalls() {
  const deaf = socket.listen((frame) => {
    const next = going(known.going, frame);
    if (next !== known.going) become({ going: next });
  });
  return () => {
    deaf();
    calls.leave();
    become({ going: {}, own: null });
  };
}

export const calls = {
  /** Joins a room's call, or starts one; from another call one hangs up first. */
  join(room: string, title: string) {
    if (known.own?.room === room) return;
    session?.leave();
    const fresh = new Session(room, title, (view, trouble) => {
      if (session !== fresh) return;
      if (!view) session = null;
      become({ own: view });
      if (trouble) say.wrong(TROUBLE[trouble]());
    });
    session = fresh;
    void fresh.start();
  },
  leave: () => session?.leave(),
  mute: (muted: boolean) => session?.mute(muted),
  deafen: (deaf: boolean) => session?.deafen(deaf),
  share: () => session?.share(),
  unshare: () => session?.unshare(),
  listenBy: (device: string) => session?.listenBy(device),
  show: (room: string | null) => become({ shown: room }),
};

const watch = (watcher: () => void) => {
  watchers.add(watcher);
  return () => void watchers.delete(watcher);
};
const snapshot = () => known;

export const useCalls = () => useSyncExternalStore(watch, snapshot);
