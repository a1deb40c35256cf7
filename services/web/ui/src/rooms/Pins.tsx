import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Pin } from 'lucide-react';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '../api/client';
import type { RoomEvent } from '../api/types';
import { useMe } from '../app/queries';
import { Failed, Waiting } from '../parts/Page';
import { standings, type Own } from './about';
import { Message } from './Message';
import { Side } from './Side';
import c from './side.module.css';
import { useTalk } from './talk';

/** The pinned messages of a room, read again when the log tells that one came or went. */
export function usePins(room: string, events: RoomEvent[], ready: boolean) {
  const told = events.findLast((event) => event.kind === 'pin' || event.kind === 'redact')?.seq ?? 0;
  return useQuery({
    queryKey: ['pins', room, told],
    queryFn: () => api.read(`/rooms/${room}/pins`),
    enabled: ready,
    placeholderData: (before) => before,
  });
}

/** What the room keeps at hand. */
export function Pins({
  pins,
  events,
  own,
  onClose,
}: {
  pins: ReturnType<typeof usePins>;
  events: RoomEvent[];
  own: Own[];
  onClose: () => void;
}) {
  const { t } = useTranslation();
  const me = useMe();
  const talk = useTalk();
  const rows = useMemo(() => {
    const items = pins.data?.items ?? [];
    // The last word counts, so what the hub folded already may be said once more.
    const head = 0;
    const giver = { user: me.person.id, name: me.person.name, organisation: me.organisation.id };
    const all = standings(events, own, giver, { items, head });
    return items
      .map((event) => ({ event, said: talk.held(event.seq)?.said ?? all.get(event.seq)! }))
      .filter(({ said }) => said.pinned && !said.gone);
  }, [pins.data, events, own, me.person, talk]);
  return (
    <Side title={t('pin.title')} onClose={onClose}>
      <div className={c.list} tabIndex={0} role="group" aria-label={t('pin.title')}>
        {pins.isError ? (
          <Failed fault={pins.error} retry={() => void pins.refetch()} />
        ) : !pins.data ? (
          <Waiting rows={3} height={56} />
        ) : rows.length === 0 ? (
          <p className={c.empty}>
            <Pin size={18} strokeWidth={1.5} aria-hidden />
            <br />
            {t('pin.none')}
          </p>
        ) : (
          rows.map(({ event, said }) => (
            <div key={event.seq} className={c.pin}>
              <Message event={event} said={said} follows={false} place="side" />
              <div className={c.tools}>
                <Button size="compact-xs" variant="subtle" onClick={() => talk.jump(event.seq)}>
                  {t('pin.show')}
                </Button>
                {talk.canWrite && (
                  <Button
                    size="compact-xs"
                    variant="subtle"
                    color="gray"
                    onClick={() => talk.pin(event.seq, false)}
                  >
                    {t('message.unpin')}
                  </Button>
                )}
              </div>
            </div>
          ))
        )}
      </div>
    </Side>
  );
}
