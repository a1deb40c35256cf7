import { useQuery } from '@tanstack/react-query';
import { useEffect, useMemo, useRef, type KeyboardEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '../api/client';
import type { RoomEvent } from '../api/types';
import { useMe } from '../app/queries';
import { Failed, Waiting as Skeleton } from '../parts/Page';
import { standings, type Own } from './about';
import { Composer } from './Composer';
import { Message } from './Message';
import type { Entry, Pending } from './outbox';
import { Side } from './Side';
import c from './side.module.css';
import type { View } from './stream';
import { useTalk } from './talk';
import { Waiting } from './Waiting';

const PAGE = 200;

/** A message and what was answered to it. What the hub told once goes on by the room's log. */
export function Thread({
  root,
  view,
  own,
  pending,
  onClose,
}: {
  root: number;
  view: View;
  own: Own[];
  pending: Pending[];
  onClose: () => void;
}) {
  const { t } = useTranslation();
  const me = useMe();
  const talk = useTalk();
  const { room } = talk;
  const list = useRef<HTMLDivElement>(null);
  const asked = useQuery({
    queryKey: ['thread', room.id, root],
    queryFn: async () => {
      const first = await api.read(`/rooms/${room.id}/events`, { before: root + 1, limit: 1 });
      const items = first.items.filter((event) => event.seq === root);
      let head = first.head;
      for (let after = 0; ; ) {
        const page = await api.read(`/rooms/${room.id}/events`, { thread: root, after, limit: PAGE });
        items.push(...page.items);
        if (after === 0) head = Math.min(head, page.head);
        if (page.items.length < PAGE) return { items, head };
        after = page.items.at(-1)!.seq;
      }
    },
    staleTime: 0,
    gcTime: 0,
  });
  const events = view.log.events;
  const rows = useMemo(() => {
    if (!asked.data) return [];
    const { items, head } = asked.data;
    const known = new Set(items.map((event) => event.seq));
    const later: RoomEvent[] = events.filter(
      (event) => event.kind === 'msg' && event.target === root && !known.has(event.seq),
    );
    const giver = { user: me.person.id, name: me.person.name, organisation: me.organisation.id };
    const all = standings(events, own, giver, { items: [...items, ...later], head });
    return [...items, ...later].map((event) => ({ event, said: all.get(event.seq)! }));
  }, [asked.data, events, own, me.person, root]);
  const ours = pending.filter((entry) => entry.reply_to === root);
  const count = rows.length + ours.length;
  useEffect(() => {
    const frame = list.current;
    if (frame) frame.scrollTop = frame.scrollHeight;
  }, [count]);
  const top = rows[0]?.event.seq === root ? rows[0] : undefined;
  return (
    <Side title={t('thread.title')} onClose={onClose}>
      <div
        className={c.list}
        ref={list}
        role="log"
        aria-label={t('thread.title')}
        tabIndex={0}
        onKeyDown={step}
      >
        {asked.isError ? (
          <Failed fault={asked.error} retry={() => void asked.refetch()} />
        ) : !asked.data ? (
          <Skeleton rows={4} height={48} />
        ) : (
          <>
            {top && <Message event={top.event} said={top.said} follows={false} place="side" />}
            <p className={c.rule}>{t('thread.count', { count: rows.length - (top ? 1 : 0) })}</p>
            {rows.slice(top ? 1 : 0).map(({ event, said }) => (
              <Message key={event.seq} event={event} said={said} follows={false} place="side" />
            ))}
            {ours.map((entry: Entry) => (
              <Waiting key={entry.cid} pending={entry as Pending} />
            ))}
          </>
        )}
      </div>
      {talk.canWrite && top && !top.said.gone && (
        <Composer
          key={root}
          room={room}
          stream={talk.stream}
          thread={root}
          onEscape={onClose}
          placeholder={t('thread.write', { name: top.event.name })}
        />
      )}
    </Side>
  );
}

/** Up and down lead from message to message, as in the log. */
function step(event: KeyboardEvent<HTMLElement>) {
  if (event.key !== 'ArrowUp' && event.key !== 'ArrowDown') return;
  if ((event.target as HTMLElement).closest('textarea, input, [role=menu], [role=toolbar]')) return;
  const all = [...event.currentTarget.querySelectorAll<HTMLElement>('article[data-seq]')];
  const now = all.findIndex((one) => one.contains(document.activeElement));
  const next = all[now < 0 ? all.length - 1 : now + (event.key === 'ArrowUp' ? -1 : 1)];
  if (!next) return;
  event.preventDefault();
  next.focus({ preventScroll: true });
  next.scrollIntoView({ block: 'nearest' });
}
