import { Button } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { Link, useNavigate } from '@tanstack/react-router';
import { ListTree, Lock, Mail, MessagesSquare, Plus } from 'lucide-react';
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import type { Deal, Room } from '../api/types';
import { NewTopic } from '../rooms/Guests';
import { RoomOrders } from '../rooms/context';
import { Commands, CommandsHere, STAGE_ICON } from '../rooms/commands';
import { RoomView } from '../rooms/RoomView';
import c from './deal.module.css';
import { useStageMove } from './useStageMove';

const ICONS = { main: MessagesSquare, internal: Lock, topic: Mail, direct: Lock };
const ORDER = { main: 0, internal: 1, topic: 2, direct: 3 };

/** The rooms of a deal as tabs: ours together, ours alone, and one for each topic with somebody outside. */
export function Rooms({
  deal,
  open,
  at,
  onRevoked,
}: {
  deal: Deal;
  open?: string;
  /** The message that a link leads to. */
  at?: number;
  onRevoked: (reason: string) => void;
}) {
  const { t } = useTranslation();
  const { move, dialog } = useStageMove();
  const navigate = useNavigate();
  const [adding, topic] = useDisclosure();
  const strip = useRef<HTMLElement>(null);
  const rooms = [...deal.rooms].sort((a, b) => ORDER[a.kind] - ORDER[b.kind]);
  const current = rooms.find((room) => room.id === open) ?? rooms[0];
  useEffect(() => {
    strip.current?.querySelector('[aria-current]')?.scrollIntoView({ block: 'nearest', inline: 'center' });
  }, [current?.id]);
  const stages = deal.you.can_edit && deal.state === 'open' ? deal.next_stages : [];
  const commands = new Commands([
    ...stages.map((stage) => ({
      text: `/stage ${t(`stage.${stage}`)}`,
      what: t('command.stage'),
      Icon: STAGE_ICON,
      act: () => move(deal, stage),
    })),
    ...(deal.you.can_edit && deal.state === 'open'
      ? [{ text: '/topic', what: t('topic.new'), Icon: Plus, act: topic.open }]
      : []),
  ]);
  const name = (room: Room) =>
    room.kind === 'topic' ? (room.title ?? t('room.topic')) : t(`room.${room.kind}`);
  // Topics among those who take part stand in the forum; here only what somebody outside waits in.
  const stands = (room: Room) =>
    room.kind !== 'topic' || (room.guests ?? []).length > 0 || room.id === current?.id;
  const choose = (room: string) =>
    void navigate({
      to: '/deals/$deal',
      params: { deal: deal.id },
      search: (before) => ({
        ...before,
        room: room === rooms[0]?.id ? undefined : room,
        show: undefined,
        at: undefined,
      }),
      replace: true,
    });
  return (
    <div className={c.rooms} data-part="room">
      <div className={c.strip}>
        <nav aria-label={t('room.list')} ref={strip}>
          {rooms.filter(stands).map((room) => {
            const Icon = ICONS[room.kind];
            const unread = room.id === current?.id ? 0 : room.unread;
            return (
              <button
                key={room.id}
                type="button"
                aria-current={room.id === current?.id || undefined}
                data-kind={room.kind}
                onClick={() => choose(room.id)}
              >
                <Icon size={14} strokeWidth={1.8} aria-hidden />
                <span>{name(room)}</span>
                {unread > 0 && <b aria-label={t('deals.unread', { count: unread })}>{unread}</b>}
              </button>
            );
          })}
        </nav>
        <Link className={c.forum} to="/deals/$deal/topics" params={{ deal: deal.id }} aria-label={t('forum.title')}>
          <ListTree size={14} strokeWidth={1.8} aria-hidden />
          <span className={c.wide}>{t('forum.title')}</span>
        </Link>
        {deal.you.can_edit && deal.state === 'open' && (
          <Button
            size="compact-sm"
            variant="subtle"
            leftSection={<Plus size={13} aria-hidden />}
            onClick={topic.open}
            aria-label={t('topic.new')}
          >
            <span className={c.wide}>{t('topic.new')}</span>
          </Button>
        )}
      </div>
      {current && (
        <RoomOrders value={deal.orders}>
          <CommandsHere value={commands}>
            <RoomView
              key={current.id}
              room={current}
              title={name(current)}
              at={at}
              canWrite={deal.state === 'open' || current.kind === 'topic'}
              onRevoked={current.kind === 'main' ? onRevoked : noop}
            />
          </CommandsHere>
        </RoomOrders>
      )}
      {dialog}
      {adding && <NewTopic deal={deal.id} onClose={topic.close} onMade={(room) => choose(room.id)} />}
    </div>
  );
}

const noop = () => {};
