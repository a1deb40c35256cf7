import { Button, UnstyledButton } from '@mantine/core';
import { ArrowDown, CircleAlert, Clock3, Mail, Paperclip } from 'lucide-react';
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Room } from '../api/types';
import { useFormat } from '../app/format';
import { useMe } from '../app/queries';
import { Face } from '../parts/Face';
import { Tag } from '../parts/Tag';
import { fold, type Row } from './fold';
import { Happening } from './Happening';
import { outbox, type Pending } from './outbox';
import c from './room.module.css';
import { usePending, type Stream, type View } from './stream';

const NEAR_PX = 60;

/** The log of one room, newest below; knows what was read and keeps its place. */
export function Timeline({
  room,
  view,
  stream,
  label,
}: {
  room: Room;
  view: View;
  stream: Stream;
  label: string;
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
  const jump = () => box.current?.scrollTo({ top: box.current.scrollHeight, behavior: 'smooth' });
  return (
    <div className={c.logFrame}>
      <div className={c.log} ref={box} role="log" aria-label={label} tabIndex={0} onScroll={look}>
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
  const { event } = row;
  if (event.kind !== 'msg') return <Happening event={event} />;
  const files = (event.detail?.attachments ?? []) as { name: string }[];
  const outside = event.author.startsWith('gst_');
  return (
    <article
      className={c.message}
      data-seq={event.seq}
      data-follows={row.follows || undefined}
      data-outside={outside || undefined}
    >
      {row.follows ? (
        <time className={c.gutter} dateTime={new Date(event.at).toISOString()}>
          {f.time(event.at)}
        </time>
      ) : (
        <Face name={event.name} kind={outside ? 'outside' : 'person'} size={30} />
      )}
      <div>
        {!row.follows && (
          <header>
            <b>{event.name}</b>
            {event.organisation_name && event.organisation !== us && <span>{event.organisation_name}</span>}
            {outside && (
              <Tag tone="wait">{t(event.via === 'email' ? 'room.outside_mail' : 'room.outside')}</Tag>
            )}
            {!outside && event.via === 'email' && <Mail size={12} aria-label={t('room.by_mail')} />}
            <time dateTime={new Date(event.at).toISOString()} title={f.precise(event.at)}>
              {f.time(event.at)}
            </time>
          </header>
        )}
        {row.gone ? (
          <p className={c.gone}>{t('room.gone')}</p>
        ) : (
          <p className={c.body}>
            <Linked text={row.body ?? ''} />
            {files.length > 0 && (
              <span className={c.files}>
                <Paperclip size={12} aria-hidden /> {files.map((file) => file.name).join(', ')}
              </span>
            )}
            {row.edited && <small> {t('room.edited')}</small>}
          </p>
        )}
      </div>
    </article>
  );
}

/** A message that waits for the hub, or that it refused. */
function Waiting({ pending }: { pending: Pending }) {
  const { t } = useTranslation();
  const me = useMe();
  const failed = pending.state === 'failed';
  return (
    <article className={c.message} data-pending={pending.state}>
      <Face name={me.person.name} size={30} />
      <div>
        <header>
          <b>{me.person.name}</b>
          {failed ? (
            <Tag tone="problem">{t('room.failed')}</Tag>
          ) : (
            <span className={c.waiting}>
              <Clock3 size={12} aria-hidden /> {t('room.sending')}
            </span>
          )}
        </header>
        <p className={c.body}>{pending.body}</p>
        {failed && (
          <p className={c.retry}>
            <CircleAlert size={13} aria-hidden /> {pending.code && `${pending.code} · `}
            <UnstyledButton onClick={() => outbox.retry(pending.cid)}>{t('room.retry')}</UnstyledButton>
            <UnstyledButton onClick={() => outbox.discard(pending.cid)}>{t('room.discard')}</UnstyledButton>
          </p>
        )}
      </div>
    </article>
  );
}

/** Text with its web addresses as links. */
function Linked({ text }: { text: string }) {
  return text.split(/(https?:\/\/[^\s<>"]+[^\s<>".,;:!?)])/g).map((piece, place) =>
    place % 2 ? (
      <a key={place} href={piece} target="_blank" rel="noreferrer noopener">
        {piece}
      </a>
    ) : (
      piece
    ),
  );
}
