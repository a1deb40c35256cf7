import { Button } from '@mantine/core';
import { Phone } from 'lucide-react';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useMe } from '../app/queries';
import { Face } from '../parts/Face';
import { calls, useCalls } from './calls';
import c from './calls.module.css';
import { Controls } from './Controls';
import { lasted } from './model';
import { Screen } from './Screen';

/** Starts a call in a room, while there is none. */
export function CallButton({ room, title, canWrite }: { room: string; title: string; canWrite: boolean }) {
  const { t } = useTranslation();
  const me = useMe();
  const { going, own } = useCalls();
  if (!canWrite || !me.can.includes('room.call') || going[room] || own?.room === room) return null;
  return (
    <Button
      size="compact-xs"
      variant="subtle"
      color="gray"
      leftSection={<Phone size={13} aria-hidden />}
      onClick={() => calls.join(room, title)}
    >
      {t('call.start')}
    </Button>
  );
}

/** The call of the room that is open: to join, or as one is in it. */
export function CallHere({ room, title, canWrite }: { room: string; title: string; canWrite: boolean }) {
  const { t } = useTranslation();
  const me = useMe();
  const { going, own } = useCalls();
  useEffect(() => {
    calls.show(room);
    return () => calls.show(null);
  }, [room]);
  const call = going[room];
  const mine = own?.room === room ? own : null;
  if (!call && !mine) return <div role="status" className={c.silent} />;
  const seats = call?.seats ?? [];
  const full = seats.length >= (call?.most ?? 4);
  const may = canWrite && me.can.includes('room.call');
  return (
    <section className={c.call} aria-label={t('call.title')}>
      <div className={c.bar}>
        <span className={c.pulse} aria-hidden>
          <Phone size={14} />
        </span>
        <ul className={c.seats} aria-label={t('call.people')}>
          {seats.map((one) => (
            <li
              key={one.seat}
              data-speaking={mine?.speaking.includes(one.seat) || undefined}
              data-waiting={
                (mine && one.seat !== mine.seat && !mine.connected.includes(one.seat)) || undefined
              }
            >
              <Face name={one.name} size={24} />
              <span>{one.user === me.person.id ? t('call.you') : one.name}</span>
              {one.muted && <small>{t('call.is_muted')}</small>}
              {one.sharing && <small>{t('call.is_sharing')}</small>}
            </li>
          ))}
        </ul>
        {call && <Clock since={call.since} />}
        {mine ? (
          <Controls own={mine} sharing={seats.find((one) => one.sharing)} />
        ) : (
          may && (
            <Button
              size="compact-sm"
              disabled={full}
              leftSection={<Phone size={14} aria-hidden />}
              onClick={() => calls.join(room, title)}
            >
              {full ? t('call.full_now', { count: call?.most ?? 4 }) : t('call.join')}
            </Button>
          )
        )}
      </div>
      <p className={c.told} role="status">
        {mine
          ? t(`call.phase.${mine.phase}`)
          : call && t('call.started', { who: call.by === me.person.id ? t('call.you') : call.by_name })}
        {mine?.noMicrophone && ` ${t('call.no_microphone')}`}
      </p>
      {mine && <Screen own={mine} seats={seats} />}
    </section>
  );
}

export function Clock({ since }: { since: number }) {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 1_000);
    return () => clearInterval(timer);
  }, []);
  return (
    <time className={c.clock} role="timer" aria-live="off">
      {lasted(now - since)}
    </time>
  );
}
