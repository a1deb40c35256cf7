import { UnstyledButton } from '@mantine/core';
import { Clock3, Ellipsis, Mail, Pin, Reply } from 'lucide-react';
import { useRef, useState, type KeyboardEvent, type PointerEvent, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { MessageFile, RoomEvent } from '../api/types';
import { useFormat } from '../app/format';
import { useMe } from '../app/queries';
import { Face } from '../parts/Face';
import { Tag } from '../parts/Tag';
import type { Standing } from './about';
import { Actions, Sheet, useDeeds } from './Actions';
import { Editor } from './Editor';
import { Files } from './Files';
import { Markdown } from './Markdown';
import { ByMail } from './Original';
import { Unsaved } from './Waiting';
import { Quoted } from './Quoted';
import { Reactions } from './Reactions';
import c from './room.module.css';
import { useTalk, type Place } from './talk';

const PRESS_MS = 450;
const SLACK_PX = 10;
const LIFT_MS = 350;

/** What somebody said, with what was said about it and what can be done with it. */
export function Message({
  event,
  said,
  follows,
  place = 'log',
  children,
}: {
  event: RoomEvent;
  said: Standing;
  follows: boolean;
  place?: Place;
  /** What stands at its edge: who has read so far. */
  children?: ReactNode;
}) {
  const { t } = useTranslation();
  const f = useFormat();
  const me = useMe();
  const talk = useTalk();
  const [near, setNear] = useState(false);
  const [picking, setPicking] = useState(false);
  const press = usePress();
  const deeds = useDeeds(event, said, place);
  const editing = talk.editing?.seq === event.seq && talk.editing.place === place && !said.gone;
  const calls = (event.detail as { mentions?: string[] } | null | undefined)?.mentions ?? [];
  const callsMe = [me.person.id, me.organisation.id, 'all'].some((id) => calls.includes(id));
  const outside = event.author.startsWith('gst_');
  const keys = (pressed: KeyboardEvent) => {
    const typed = pressed.target !== pressed.currentTarget || pressed.defaultPrevented;
    if (typed || pressed.ctrlKey || pressed.metaKey || pressed.altKey)
      return;
    const deed = deeds.find((one) => one.key === pressed.key);
    if (deed) deed.act();
    else if (pressed.key === '+' && talk.canWrite && !said.gone) setPicking(true);
    else if (pressed.key === 'Escape' && place === 'log') talk.write();
    else return;
    pressed.preventDefault();
    pressed.stopPropagation();
  };
  return (
    <article
      className={c.message}
      data-seq={event.seq}
      data-key={event.seq}
      data-follows={follows || undefined}
      data-outside={outside || undefined}
      data-calls={(callsMe && !said.gone && event.author !== me.person.id) || undefined}
      data-pinned={said.pinned || undefined}
      data-own-keys="Escape"
      tabIndex={-1}
      aria-label={t('message.actions', { name: event.name, when: f.time(event.at) })}
      onPointerEnter={() => setNear(true)}
      onPointerLeave={() => setNear(false)}
      onFocus={() => setNear(true)}
      onBlur={(left) => {
        if (!left.currentTarget.contains(left.relatedTarget)) setNear(false);
      }}
      onKeyDown={keys}
      {...press.handlers}
    >
      {said.pinned && (
        <p className={c.pinned}>
          <Pin size={11} aria-hidden /> {t('pin.pinned')}
        </p>
      )}
      {typeof event.target === 'number' && place === 'log' && <Quoted seq={event.target} />}
      {follows ? (
        <time className={c.gutter} dateTime={new Date(event.at).toISOString()}>
          {f.clock(event.at)}
        </time>
      ) : (
        <Face name={event.name} kind={outside ? 'outside' : 'person'} size={30} />
      )}
      <div>
        {!follows && <Head event={event} />}
        {editing ? (
          <Editor seq={event.seq} body={said.body ?? ''} at={event.at} />
        ) : said.gone ? (
          <p className={c.gone}>{said.hidden ? t('room.hidden', { name: said.hidden }) : t('room.gone')}</p>
        ) : (
          <Body event={event} said={said} />
        )}
        {said.hidden && !said.gone && <p className={c.hidden}>{t('room.hidden_ours', { name: said.hidden })}</p>}
        {said.unsaved && <Unsaved unsaved={said.unsaved} />}
        {!said.gone && <Reactions seq={event.seq} reactions={said.reactions} />}
        {said.replies > 0 && place === 'log' && (
          <UnstyledButton className={c.replies} onClick={() => talk.thread(event.seq)}>
            <Reply size={12} aria-hidden /> {t('thread.count', { count: said.replies })}
            {said.repliedAt && <span>{t('thread.last', { when: f.ago(said.repliedAt) })}</span>}
          </UnstyledButton>
        )}
      </div>
      {children}
      <button
        type="button"
        className={c.handle}
        tabIndex={-1}
        aria-label={t('message.more_of', { name: event.name })}
        onClick={press.open}
      >
        <Ellipsis size={14} aria-hidden />
      </button>
      {(near || picking) && !editing && (
        <Actions
          event={event}
          said={said}
          deeds={deeds}
          picking={picking}
          onPicking={(open) => {
            setPicking(open);
            if (open) setNear(true);
          }}
        />
      )}
      {press.held && (
        <Sheet event={event} said={said} deeds={deeds} onClose={press.close} onDismiss={press.dismiss} />
      )}
    </article>
  );
}

function Head({ event }: { event: RoomEvent }) {
  const { t } = useTranslation();
  const f = useFormat();
  const me = useMe();
  const outside = event.author.startsWith('gst_');
  return (
    <header>
      <b>{event.name}</b>
      {event.organisation_name && event.organisation !== me.organisation.id && (
        <span>{event.organisation_name}</span>
      )}
      {outside && <Tag tone="wait">{t(event.via === 'email' ? 'room.outside_mail' : 'room.outside')}</Tag>}
      {!outside && event.via === 'email' && <Mail size={12} aria-label={t('room.by_mail')} />}
      <time dateTime={new Date(event.at).toISOString()} title={f.precise(event.at)}>
        {f.time(event.at)}
      </time>
    </header>
  );
}

function Body({ event, said }: { event: RoomEvent; said: Standing }) {
  const { t } = useTranslation();
  const files = (event.detail as { files?: MessageFile[] } | null | undefined)?.files ?? [];
  // A file without words is called by its name alone.
  const wordless = files.length === 1 && said.body === files[0].name;
  const tail = said.waits ? (
    <small className={c.saving}>
      {' '}
      <Clock3 size={11} aria-hidden /> {t('message.saving')}
    </small>
  ) : (
    said.edited && <small> {t('room.edited')}</small>
  );
  return (
    <div className={c.body}>
      {!wordless && <Markdown text={said.body ?? ''} tail={tail} />}
      {files.length > 0 && <Files room={event.room} files={files} />}
      {event.via === 'email' && event.author.startsWith('gst_') && <ByMail event={event} />}
    </div>
  );
}

/** A finger that stays on the message without moving; a link or a button under it keeps its own press. */
function usePress() {
  const [held, setHeld] = useState(false);
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  const from = useRef({ x: 0, y: 0 });
  const stop = () => clearTimeout(timer.current);
  /** The finger that opened the sheet is lifted over it, and must not close it by that. */
  const lifted = useRef(true);
  const waitForLift = () => {
    lifted.current = false;
    const lift = () => setTimeout(() => (lifted.current = true), LIFT_MS);
    for (const end of ['pointerup', 'pointercancel'])
      window.addEventListener(end, lift, { capture: true, once: true });
  };
  return {
    held,
    open: () => setHeld(true),
    close: () => setHeld(false),
    dismiss: () => {
      if (lifted.current) setHeld(false);
    },
    handlers: {
      onPointerDown: (event: PointerEvent) => {
        if (event.pointerType !== 'touch' || (event.target as Element).closest('a, button, textarea')) return;
        from.current = { x: event.clientX, y: event.clientY };
        stop();
        timer.current = setTimeout(() => {
          getSelection()?.removeAllRanges();
          waitForLift();
          setHeld(true);
        }, PRESS_MS);
      },
      onPointerMove: (event: PointerEvent) => {
        const { x, y } = from.current;
        if (Math.abs(event.clientX - x) + Math.abs(event.clientY - y) > SLACK_PX) stop();
      },
      onPointerUp: stop,
      onPointerCancel: stop,
    },
  };
}
