import { Button } from '@mantine/core';
import { ArrowDown, ArrowUp } from 'lucide-react';
import { useEffect, useLayoutEffect, useMemo, useRef, useState, type KeyboardEvent } from 'react';
import { useTranslation } from 'react-i18next';
import type { Room } from '../api/types';
import { useFormat } from '../app/format';
import { useMe } from '../app/queries';
import { say } from '../parts/say';
import type { Own } from './about';
import { firstUnread, fold, isRow, type Row } from './fold';
import { Happening } from './Happening';
import { Message } from './Message';
import { Readers } from './Readers';
import type { Pending } from './outbox';
import c from './room.module.css';
import { usePlace } from './place';
import { marks, useReaders, type Reader } from './readers';
import type { Stream, View } from './stream';
import { Waiting } from './Waiting';

/** Where a link or a press leads; `turn` tells two presses for one message apart. */
export interface Aim {
  seq: number;
  turn: number;
}

/** The log of one room, newest below; knows what was read and keeps its place. */
export function Timeline({
  room,
  view,
  stream,
  label,
  aim,
  pending,
  own,
}: {
  room: Room;
  view: View;
  stream: Stream;
  label: string;
  aim: Aim | null;
  pending: Pending[];
  own: Own[];
}) {
  const { t } = useTranslation();
  const f = useFormat();
  const me = useMe();
  // What was unread when the room was opened stays marked while one is in it.
  const [readTo, setReadTo] = useState(room.read);
  const [behind, setBehind] = useState(0);
  const [above, setAbove] = useState(false);
  const box = useRef<HTMLDivElement>(null);
  const reading = useMemo(
    () => ({
      pending,
      own,
      readTo,
      older: view.older,
      me: { user: me.person.id, name: me.person.name, organisation: me.organisation.id },
    }),
    [pending, own, readTo, view.older, me.person],
  );
  const { events } = view.log;
  const rows = useMemo(() => fold(events, reading), [events, reading]);
  const readers = useReaders(room.id, view.readers);
  const read = useMemo(() => marks(rows, readers), [rows, readers]);
  const unread = firstUnread(events, reading);
  const newest = events.at(-1)?.seq ?? 0;
  const place = usePlace(box, !view.loading);
  const seen = useRef({ newest, pending: pending.length });

  useLayoutEffect(() => {
    if (view.loading) return;
    const before = seen.current;
    seen.current = { newest, pending: pending.length };
    if (pending.length > before.pending) place.toEnd();
    else if (!place.atEnd() && before.newest > 0 && newest > before.newest) {
      const fresh = events.filter((event) => event.seq > before.newest && isRow(event));
      const others = fresh.filter((event) => event.author !== me.person.id).length;
      if (others > 0) setBehind((count) => Math.max(count, 0) + others);
    }
    place.keep();
    look();
  }, [rows, view.loading]);

  const look = () => {
    const frame = box.current;
    if (!frame) return;
    const left = frame.scrollHeight - frame.scrollTop - frame.clientHeight;
    if (place.atEnd()) {
      setBehind(0);
      if (newest && document.visibilityState === 'visible') stream.read(newest);
    } else if (left > 400) {
      setBehind((count) => count || -1);
    }
    if (frame.scrollTop < 120 && view.older) void stream.older();
    const line = frame.querySelector<HTMLElement>('[data-unread]');
    setAbove(
      line ? line.offsetTop - frame.offsetTop < frame.scrollTop - 8 : unread === undefined && isUnread,
    );
  };
  // The first unread message may lie above what was loaded.
  const isUnread = view.older && events.length > 0 && events[0].seq > readTo + 1 && room.head > readTo;
  useEffect(() => {
    document.addEventListener('visibilitychange', look);
    return () => document.removeEventListener('visibilitychange', look);
  });
  const lead = async (seq: number) => {
    const found = await stream.reach(seq).catch(() => false);
    if (!found) return say.note(t('message.lost'));
    place.lead(seq);
  };
  useEffect(() => {
    if (!aim || view.loading) return;
    void lead(aim.seq);
    return () => box.current?.querySelector('[data-found]')?.removeAttribute('data-found');
  }, [aim, view.loading, stream]);
  const toUnread = async () => {
    if (unread === undefined) await stream.reach(Math.max(readTo + 1, view.log.first)).catch(() => false);
    requestAnimationFrame(() => place.toLine());
  };
  const allRead = () => {
    stream.read(newest);
    setReadTo(newest);
    setAbove(false);
  };
  return (
    <div className={c.logFrame}>
      {above && (
        <div className={c.above}>
          <button type="button" onClick={() => void toUnread()}>
            <ArrowUp size={13} aria-hidden /> {t('room.to_unread')}
          </button>
          <button type="button" onClick={allRead}>
            {t('room.all_read')}
          </button>
        </div>
      )}
      <div
        className={c.log}
        ref={box}
        role="log"
        aria-label={label}
        tabIndex={0}
        onScroll={() => {
          place.note();
          look();
        }}
        onKeyDown={(event) => step(event, box.current)}
      >
        <div>
          {view.older && <p className={c.more}>{t('room.older')}</p>}
          {!view.loading && !view.older && room.keeps && (
            <p className={c.more}>
              {t(view.log.first > 1 ? 'room.kept_gone' : 'room.kept', {
                count: room.keeps.days,
                name: room.keeps.by.name,
              })}
            </p>
          )}
          {!view.loading && rows.length === 0 && (
            <p className={c.first}>{t(room.kind === 'internal' ? 'room.first_internal' : 'room.first')}</p>
          )}
          {rows.map((row) => (
            <Line
              key={row.key}
              row={row}
              f={f}
              readers={row.is === 'message' ? read.get(row.event.seq) : undefined}
            />
          ))}
        </div>
      </div>
      {behind !== 0 && (
        <Button
          className={c.jump}
          size="compact-sm"
          radius="xl"
          variant="default"
          leftSection={<ArrowDown size={13} aria-hidden />}
          onClick={() => place.glide()}
        >
          {behind > 0 ? t('room.new', { count: behind }) : t('room.latest')}
        </Button>
      )}
    </div>
  );
}

/** Up and down lead from message to message; Tab then reaches what can be done with one. */
function step(event: KeyboardEvent, frame: HTMLElement | null) {
  if (event.key !== 'ArrowUp' && event.key !== 'ArrowDown') return;
  if ((event.target as HTMLElement).closest('textarea, input, [role=menu], [role=dialog]')) return;
  const all = [...(frame?.querySelectorAll<HTMLElement>('article[data-seq]') ?? [])];
  const now = all.findIndex((one) => one.contains(document.activeElement));
  const next = now < 0 ? all.length - 1 : now + (event.key === 'ArrowUp' ? -1 : 1);
  if (!all[next]) return;
  event.preventDefault();
  all[next].focus({ preventScroll: true });
  all[next].scrollIntoView({ block: 'nearest' });
}

function Line({
  row,
  f,
  readers,
}: {
  row: Row;
  f: ReturnType<typeof useFormat>;
  readers?: Reader[];
}) {
  const { t } = useTranslation();
  switch (row.is) {
    case 'day':
      return (
        <h3 className={c.day} data-key={row.key}>
          <span>{f.longDay(row.at)}</span>
        </h3>
      );
    case 'unread':
      return (
        <div className={c.unread} data-unread role="separator">
          <span>{t('room.unread')}</span>
        </div>
      );
    case 'pending':
      return <Waiting pending={row.pending} />;
    case 'message':
      return (
        <Message event={row.event} said={row.said} follows={row.follows}>
          {readers && <Readers readers={readers} />}
        </Message>
      );
    case 'event':
      return <Happening event={row.event} />;
  }
}
