import { Button } from '@mantine/core';
import { ArrowDown } from 'lucide-react';
import { useEffect, useLayoutEffect, useMemo, useRef, useState, type KeyboardEvent } from 'react';
import { useTranslation } from 'react-i18next';
import type { Room } from '../api/types';
import { useFormat } from '../app/format';
import { useMe } from '../app/queries';
import { say } from '../parts/say';
import { fold, type Row } from './fold';
import { Happening } from './Happening';
import { Message, Waiting } from './Message';
import c from './room.module.css';
import { usePending, type Stream, type View } from './stream';

const NEAR_PX = 60;

/** The log of one room, newest below; knows what was read and keeps its place. */
export function Timeline({
  room,
  view,
  stream,
  label,
  at,
}: {
  room: Room;
  view: View;
  stream: Stream;
  label: string;
  /** The event that a link leads to. */
  at?: number;
}) {
  const { t } = useTranslation();
  const f = useFormat();
  const me = useMe();
  const pending = usePending(room.id, view.log);
  const [readTo] = useState(room.read);
  const [behind, setBehind] = useState(0);
  const box = useRef<HTMLDivElement>(null);
  const bottom = useRef(true);
  const height = useRef(0);
  const opened = useRef(false);
  const rows = useMemo(
    () => fold(view.log.events, pending, readTo, me.person.id),
    [view.log, pending, readTo, me.person.id],
  );
  const newest = view.log.events.at(-1);
  const oldest = view.log.events[0]?.seq;
  const seen = useRef({ oldest, newest: newest?.seq ?? 0 });

  useLayoutEffect(() => {
    const frame = box.current;
    if (!frame || view.loading) return;
    const before = seen.current;
    seen.current = { oldest, newest: newest?.seq ?? 0 };
    if (!opened.current) {
      opened.current = true;
      const line = frame.querySelector<HTMLElement>('[data-unread]');
      frame.scrollTop = line ? line.offsetTop - frame.offsetTop - 80 : frame.scrollHeight;
    } else if (oldest !== undefined && before.oldest !== undefined && oldest < before.oldest) {
      frame.scrollTop += frame.scrollHeight - height.current;
    } else if (bottom.current || newest?.author === me.person.id) {
      frame.scrollTop = frame.scrollHeight;
    } else if ((newest?.seq ?? 0) > before.newest) {
      setBehind((count) => count + (newest?.seq ?? 0) - before.newest);
    }
    height.current = frame.scrollHeight;
    look();
  }, [rows, view.loading]);

  const look = () => {
    const frame = box.current;
    if (!frame) return;
    bottom.current = frame.scrollHeight - frame.scrollTop - frame.clientHeight < NEAR_PX;
    if (bottom.current) {
      setBehind(0);
      if (newest && document.visibilityState === 'visible') stream.read(newest.seq);
    } else if (frame.scrollHeight - frame.scrollTop - frame.clientHeight > 400) {
      setBehind((count) => count || -1);
    }
    if (frame.scrollTop < 120 && view.older) void stream.older();
  };
  useEffect(() => {
    document.addEventListener('visibilitychange', look);
    return () => document.removeEventListener('visibilitychange', look);
  });
  useEffect(() => {
    if (at === undefined || view.loading) return;
    let here = true;
    const lead = async () => {
      const found = await stream.reach(at).catch(() => false);
      if (!here) return;
      if (!found) return say.note(t('message.lost'));
      // What was paged in stands on the screen a moment later.
      requestAnimationFrame(() => {
        const place = box.current?.querySelector<HTMLElement>(`[data-seq="${at}"]`);
        bottom.current = false;
        place?.scrollIntoView({ block: 'center' });
        place?.focus({ preventScroll: true });
        place?.setAttribute('data-found', '');
      });
    };
    void lead();
    return () => {
      here = false;
      box.current?.querySelector('[data-found]')?.removeAttribute('data-found');
    };
  }, [at, view.loading, stream]);
  /** Up and down lead from message to message; Tab then reaches what can be done with one. */
  const step = (event: KeyboardEvent) => {
    if (event.key !== 'ArrowUp' && event.key !== 'ArrowDown') return;
    const all = [...(box.current?.querySelectorAll<HTMLElement>('article[data-seq]') ?? [])];
    const now = all.findIndex((one) => one.contains(document.activeElement));
    const next = now < 0 ? all.length - 1 : now + (event.key === 'ArrowUp' ? -1 : 1);
    if (!all[next]) return;
    event.preventDefault();
    all[next].focus({ preventScroll: true });
    all[next].scrollIntoView({ block: 'nearest' });
  };
  const jump = () => box.current?.scrollTo({ top: box.current.scrollHeight, behavior: 'smooth' });
  return (
    <div className={c.logFrame}>
      <div
        className={c.log}
        ref={box}
        role="log"
        aria-label={label}
        tabIndex={0}
        onScroll={look}
        onKeyDown={step}
      >
        {view.older && <p className={c.more}>{t('room.older')}</p>}
        {!view.loading && rows.length === 0 && (
          <p className={c.first}>{t(room.kind === 'internal' ? 'room.first_internal' : 'room.first')}</p>
        )}
        {rows.map((row) => (
          <Line key={row.key} row={row} f={f} us={me.organisation.id} />
        ))}
      </div>
      {behind !== 0 && (
        <Button
          className={c.jump}
          size="compact-sm"
          radius="xl"
          variant="default"
          leftSection={<ArrowDown size={13} aria-hidden />}
          onClick={jump}
        >
          {behind > 0 ? t('room.new', { count: behind }) : t('room.latest')}
        </Button>
      )}
    </div>
  );
}

function Line({ row, f, us }: { row: Row; f: ReturnType<typeof useFormat>; us: string }) {
  const { t } = useTranslation();
  if (row.is === 'day')
    return (
      <h3 className={c.day}>
        <span>{f.longDay(row.at)}</span>
      </h3>
    );
  if (row.is === 'unread')
    return (
      <div className={c.unread} data-unread role="separator">
        <span>{t('room.unread')}</span>
      </div>
    );
  if (row.is === 'pending') return <Waiting pending={row.pending} />;
  return row.event.kind === 'msg' ? <Message row={row} us={us} /> : <Happening event={row.event} />;
}
