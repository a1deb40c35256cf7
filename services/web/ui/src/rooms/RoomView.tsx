import { Lock, Users } from 'lucide-react';
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import type { Room } from '../api/types';
import { useMe } from '../app/queries';
import { Failed, Waiting } from '../parts/Page';
import { Composer } from './Composer';
import { Guests } from './Guests';
import c from './room.module.css';
import { useStream } from './stream';
import { Timeline } from './Timeline';

/** One room: who is in it, what was said, and where to write. */
export function RoomView({
  room,
  title,
  at,
  canWrite,
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
  const [view, stream] = useStream(room);
  const internal = room.kind === 'internal';
  const names = room.audience.map((one) => one.name).join(', ');
  useEffect(() => {
    if (view.revoked) onRevoked(view.revoked);
  }, [view.revoked, onRevoked]);

  const typing = view.typing.filter((one) => one.user !== me.person.id).map((one) => one.name);
  const present = view.present.filter((one) => one.user !== me.person.id).map((one) => one.name);
  return (
    <section className={c.room} data-kind={room.kind} aria-label={title}>
      <header className={c.audience}>
        {internal ? <Lock size={13} aria-hidden /> : <Users size={13} aria-hidden />}
        <span>
          {internal ? t('room.internal_lead', { name: me.organisation.name }) : t('room.audience', { names })}
        </span>
        {present.length > 0 && (
          <span className={c.present}>
            {t('room.present', { names: present.join(', '), count: present.length })}
          </span>
        )}
      </header>
      {room.kind === 'topic' && <Guests room={room} canWrite={canWrite} />}
      {view.fault && view.log.events.length === 0 ? (
        <div className={c.logFrame}>
          <Failed fault={new TypeError(view.fault)} retry={() => void stream.restart()} />
        </div>
      ) : view.loading ? (
        <div className={c.logFrame} style={{ padding: 16 }}>
          <Waiting rows={5} height={50} />
        </div>
      ) : (
        <Timeline room={room} view={view} stream={stream} label={title} at={at} />
      )}
      <p className={c.typing} aria-live="polite">
        {typing.length > 0 && t('room.typing', { names: typing.join(', '), count: typing.length })}
      </p>
      {canWrite && (
        <Composer
          key={room.id}
          room={room.id}
          stream={stream}
          placeholder={
            internal
              ? t('room.write_internal')
              : room.kind === 'topic'
                ? t('room.write_topic')
                : t('room.write', { names: others(room, me.organisation.id) || names })
          }
        />
      )}
    </section>
  );
}

const others = (room: Room, us: string) =>
  room.audience
    .filter((one) => one.id !== us)
    .map((one) => one.name)
    .join(', ');
