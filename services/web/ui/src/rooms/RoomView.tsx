import { ActionIcon, Button, Group, Modal, Tooltip } from '@mantine/core';
import { Lock, Pin, Search, Users } from 'lucide-react';
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '../api/client';
import type { Room } from '../api/types';
import { isAdmin, queries, useMe } from '../app/queries';
import { CallButton, CallHere } from '../calls/CallHere';
import { NewTopic } from '../forum/NewTopic';
import { useWrite } from '../messages/directs';
import { Failed, Waiting as Skeleton } from '../parts/Page';
import { say } from '../parts/say';
import { standings } from './about';
import { Composer, type Answered } from './Composer';
import { DateJump } from './DateJump';
import type { FieldHandle } from './Field';
import { short } from './format';
import { Guests } from './Guests';
import { Level, LEVELS } from './Level';
import { CommandsHere, useCommands } from './commands';
import { outbox } from './outbox';
import { chooseLevel } from './own';
import { Pins, usePins } from './Pins';
import { ReportMessage } from './ReportMessage';
import c from './room.module.css';
import { Rules } from './Rules';
import { useOwn, usePending, useStream } from './stream';
import { Seek } from './Seek';
import { TalkHere, type Talk } from './talk';
import { Thread } from './Thread';
import { Timeline, type Aim } from './Timeline';
import { refusal } from './Waiting';

type Beside = { is: 'thread'; root: number } | { is: 'pins' } | { is: 'seek' } | null;
const NARROW_PX = 760;

/** One room: who is in it, what was said, and where to write. */
export function RoomView({
  room,
  title,
  at,
  canWrite: allowed,
  onRevoked,
}: {
  room: Room;
  title: string;
  at?: number;
  canWrite: boolean;
  onRevoked: (reason: string) => void;
}) {
  const { t } = useTranslation();
  const me = useMe();
  const writeTo = useWrite();
  const canWrite = allowed && room.can_write;
  const direct = room.kind === 'direct';
  const [view, stream] = useStream(room);
  const pending = usePending(room.id, view.log);
  const own = useOwn(room.id, view.log);
  const [beside, setBeside] = useState<Beside>(null);
  const [answered, setAnswered] = useState<Answered | null>(null);
  const [editing, setEditing] = useState<Talk['editing']>(null);
  const [taking, setTaking] = useState<number | null>(null);
  const [reporting, setReporting] = useState<number | null>(null);
  const [branching, setBranching] = useState<number | null>(null);
  const [aim, setAim] = useState<Aim | null>(null);
  const field = useRef<FieldHandle>(null);
  const frame = useRef<HTMLElement>(null);
  const { events } = view.log;
  const pins = usePins(room.id, events, !view.loading);
  const internal = room.kind === 'internal';
  const names = room.audience.map((one) => one.name).join(', ');
  useEffect(() => {
    if (view.revoked) onRevoked(view.revoked);
  }, [view.revoked, onRevoked]);
  const ruled = events.findLast((event) => event.kind === 'rule' || event.kind === 'party')?.seq ?? 0;
  useEffect(() => {
    if (ruled === 0) return;
    for (const queryKey of [['deal', room.deal], ['room', room.id]]) void queries.invalidateQueries({ queryKey });
  }, [ruled, room.deal, room.id]);
  useEffect(() => {
    if (at !== undefined) setAim({ seq: at, turn: Date.now() });
  }, [at]);
  useEffect(
    () =>
      outbox.onRefusal((entry) => {
        if (entry.room === room.id) say.wrong(refusal(entry.code));
      }),
    [room.id],
  );
  const said = useMemo(
    () => standings(events, own, { user: me.person.id, name: me.person.name, organisation: me.organisation.id }),
    [events, own, me.person],
  );
  const write = useCallback(() => field.current?.focus(), []);
  const talk: Talk = useMemo(
    () => ({
      room,
      stream,
      canWrite,
      answersFor: isAdmin(me),
      editing,
      edit: (seq, place = 'log') => setEditing(seq === null ? null : { seq, place }),
      reply: (event, standing) => {
        setAnswered({ seq: event.seq, name: event.name, text: short(standing.body ?? '') });
        requestAnimationFrame(write);
      },
      thread: (root) => setBeside({ is: 'thread', root }),
      topic: room.kind === 'main' && me.can.includes('topic.open') ? setBranching : undefined,
      react: (target, emoji, on) => void outbox.act(room.id, { act: 'react', target, emoji, on }),
      pin: (target, on) => void outbox.act(room.id, { act: 'pin', target, on }),
      takeBack: setTaking,
      report: setReporting,
      hide:
        room.hosted && me.can.includes('room.moderate')
          ? (target, on) => void hide(room.id, target, on)
          : undefined,
      writeTo:
        !direct && me.can.includes('room.post')
          ? (event) => void writeTo(event.author, event.organisation!)
          : undefined,
      jump: (seq) => {
        if ((frame.current?.clientWidth ?? 0) <= NARROW_PX) setBeside(null);
        setAim({ seq, turn: Date.now() });
      },
      held: (seq) => {
        const standing = said.get(seq);
        const event = standing && events.find((one) => one.seq === seq);
        return standing && event && { event, said: standing };
      },
      write,
    }),
    [room, direct, stream, canWrite, me, editing, said, events, write, writeTo],
  );
  /** Up in the empty composer betters what one said last; it must be near enough to be seen. */
  const editLast = () => {
    const ours = events.findLast(
      (event) => event.kind === 'msg' && event.author === me.person.id && !said.get(event.seq)?.gone,
    );
    if (ours) talk.edit(ours.seq);
  };
  const reactLast = (emoji: string) => {
    const newest = events.findLast((event) => event.kind === 'msg' && !said.get(event.seq)?.gone);
    if (newest) talk.react(newest.seq, emoji, true);
  };

  const around = useCommands();
  const commands = useMemo(
    () =>
      around.with([
        {
          text: '/pins',
          what: t('pin.title'),
          Icon: Pin,
          act: () => setBeside({ is: 'pins' }),
        },
        {
          text: '/search',
          what: t('search.in_room'),
          Icon: Search,
          act: () => setBeside({ is: 'seek' }),
        },
        ...LEVELS.map(({ level, Icon }) => ({
          text: `/notices ${t(`level.${level}`)}`,
          what: t('level.title'),
          Icon,
          act: () => void chooseLevel(room.id, level),
        })),
      ]),
    [around, room.id, t],
  );
  const typing = view.typing.filter((one) => one.user !== me.person.id).map((one) => one.name);
  const present = view.present.filter((one) => one.user !== me.person.id).map((one) => one.name);
  const pinned = pins.data?.items.length ?? 0;
  const broken = view.fault && events.length === 0;
  return (
    <TalkHere value={talk}>
      <section className={c.room} data-kind={room.kind} aria-label={title} ref={frame}>
        <header className={c.audience}>
          {internal || direct ? <Lock size={13} aria-hidden /> : <Users size={13} aria-hidden />}
          <span>
            {internal
              ? t('room.internal_lead', { name: me.organisation.name })
              : direct
                ? t('direct.audience', { name: title })
                : t('room.audience', { names })}
          </span>
          {present.length > 0 && (
            <span className={c.present}>
              {t('room.present', { names: present.join(', '), count: present.length })}
            </span>
          )}
          <span className={c.tools}>
            <CallButton room={room.id} title={title} canWrite={canWrite} />
            <Tooltip label={t('pin.title')} openDelay={300}>
              <Button
                size="compact-xs"
                variant="subtle"
                color="gray"
                leftSection={<Pin size={13} aria-hidden />}
                aria-expanded={beside?.is === 'pins'}
                aria-label={t('pin.count', { count: pinned })}
                onClick={() => setBeside(beside?.is === 'pins' ? null : { is: 'pins' })}
              >
                {pinned}
              </Button>
            </Tooltip>
            <Tooltip label={t('search.in_room')} openDelay={300}>
              <ActionIcon
                size={24}
                aria-label={t('search.in_room')}
                aria-expanded={beside?.is === 'seek'}
                onClick={() => setBeside(beside?.is === 'seek' ? null : { is: 'seek' })}
              >
                <Search size={14} />
              </ActionIcon>
            </Tooltip>
            <Rules room={room} />
            <Level room={room.id} />
            <DateJump
              room={room}
              onJump={async (ms) => {
                const seq = await stream.since(ms);
                if (seq === undefined) say.note(t('date.nothing'));
                else talk.jump(seq);
              }}
            />
          </span>
        </header>
        <CallHere room={room.id} title={title} canWrite={canWrite} />
        {room.kind === 'topic' && <Guests room={room} canWrite={canWrite} />}
        <div className={c.middle}>
          <div className={c.stream}>
            {broken ? (
              <div className={c.logFrame}>
                <Failed fault={new TypeError(view.fault ?? '')} retry={() => void stream.restart()} />
              </div>
            ) : view.loading ? (
              <div className={c.logFrame} style={{ padding: 16 }}>
                <Skeleton rows={5} height={50} />
              </div>
            ) : (
              <Timeline
                room={room}
                view={view}
                stream={stream}
                label={title}
                aim={aim}
                pending={pending}
                own={own}
              />
            )}
            <p className={c.typing} aria-live="polite">
              {typing.length > 0 && t('room.typing', { names: typing.join(', '), count: typing.length })}
            </p>
            {room.slow_s > 0 && canWrite && (
              <p className={c.slow}>{t('rules.slow_now', { count: room.slow_s })}</p>
            )}
            {!canWrite && (room.locked || (direct && !room.can_write)) && (
              <p className={c.shut}>
                <Lock size={14} aria-hidden />
                {t(room.locked ? 'rules.locked_now' : 'direct.closed', { name: title })}
              </p>
            )}
            {canWrite && (
              <CommandsHere value={commands}>
              <Composer
                key={room.id}
                ref={field}
                room={room}
                stream={stream}
                answered={answered}
                onAnswered={() => setAnswered(null)}
                onUp={editLast}
                onReact={reactLast}
                placeholder={
                  internal
                    ? t('room.write_internal')
                    : room.kind === 'topic'
                      ? t('room.write_topic')
                      : direct
                        ? t('room.write', { names: title })
                      : t('room.write', { names: others(room, me.organisation.id) || names })
                }
              />
              </CommandsHere>
            )}
          </div>
          {beside?.is === 'thread' && (
            <Thread
              key={beside.root}
              root={beside.root}
              view={view}
              own={own}
              pending={pending}
              onClose={() => setBeside(null)}
            />
          )}
          {beside?.is === 'pins' && (
            <Pins pins={pins} events={events} own={own} onClose={() => setBeside(null)} />
          )}
          {beside?.is === 'seek' && <Seek onClose={() => setBeside(null)} />}
        </div>
        {branching !== null && (
          <NewTopic deal={room.deal} thread={branching} onClose={() => setBranching(null)} />
        )}
        {reporting !== null && (
          <ReportMessage room={room.id} seq={reporting} onClose={() => setReporting(null)} />
        )}
        {taking !== null && (
          <TakeBack
            onClose={() => setTaking(null)}
            onDo={() => {
              outbox.act(room.id, { act: 'redact', target: taking });
              setTaking(null);
            }}
          />
        )}
      </section>
    </TalkHere>
  );
}

/** What is taken back is gone for all, at once and for good; so it is asked before. */
function TakeBack({ onClose, onDo }: { onClose: () => void; onDo: () => void }) {
  const { t } = useTranslation();
  return (
    <Modal
      opened
      onClose={onClose}
      title={t('message.take_back_title')}
      closeButtonProps={{ 'aria-label': t('do.close') }}
    >
      <p className={c.note}>{t('message.take_back_text')}</p>
      <Group justify="flex-end" mt="md" gap="sm">
        <Button variant="default" onClick={onClose}>
          {t('do.cancel')}
        </Button>
        <Button color="red" onClick={onDo} data-autofocus>
          {t('message.take_back')}
        </Button>
      </Group>
    </Modal>
  );
}

/** Hides a message from all but its author's side, or shows it again. */
async function hide(room: string, target: number, on: boolean) {
  try {
    await api.post(`/rooms/${room}/acts`, { act: 'hide', cid: crypto.randomUUID(), target, on });
  } catch (fault) {
    say.problem(fault);
  }
}

const others = (room: Room, us: string) =>
  room.audience
    .filter((one) => one.id !== us)
    .map((one) => one.name)
    .join(', ');
