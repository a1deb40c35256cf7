import { Button, TextInput } from '@mantine/core';
import { useDebouncedValue, useDisclosure } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { ArrowLeft, MessagesSquare, Search, SquarePen } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, Problem } from '../api/client';
import type { Direct, Reachable } from '../api/types';
import { useFormat } from '../app/format';
import { useMe } from '../app/queries';
import { Face } from '../parts/Face';
import { Empty, Failed, Waiting } from '../parts/Page';
import { RoomView } from '../rooms/RoomView';
import c from './messages.module.css';
import { useDirects, useWrite } from './directs';

/** Messages between two people: with whom on the left, what was said on the right. */
export function MessagesPage() {
  const { t } = useTranslation();
  const me = useMe();
  const { room } = useParams({ strict: false });
  const [choosing, choose] = useDisclosure();
  const directs = useDirects();
  const list = directs.data?.items ?? [];
  // Who is talked to is what the screen is about, once somebody is.
  const Title = room ? 'h2' : 'h1';
  return (
    <div className={c.page} data-open={!!room || undefined}>
      <section className={c.people} aria-label={t('direct.list')}>
        <header>
          <Title>{t('nav.messages')}</Title>
          {me.can.includes('room.post') && (
            <Button
              size="compact-sm"
              variant="default"
              leftSection={<SquarePen size={14} aria-hidden />}
              aria-expanded={choosing}
              onClick={choose.toggle}
            >
              {t('direct.new')}
            </Button>
          )}
        </header>
        {choosing && <Choose onDone={choose.close} />}
        {directs.isError ? (
          <Failed fault={directs.error} retry={() => void directs.refetch()} />
        ) : !directs.data ? (
          <Waiting rows={5} height={58} />
        ) : list.length === 0 ? (
          !choosing && <p className={c.none}>{t('direct.none_text')}</p>
        ) : (
          <ul>
            {list.map((one) => (
              <Row key={one.room} direct={one} current={one.room === room} />
            ))}
          </ul>
        )}
      </section>
      <div className={c.talk}>
        {room ? (
          <Talk key={room} room={room} />
        ) : (
          <Empty icon={MessagesSquare} title={t('direct.none')} text={t('direct.lead')} />
        )}
      </div>
    </div>
  );
}

function Row({ direct, current }: { direct: Direct; current: boolean }) {
  const { t } = useTranslation();
  const f = useFormat();
  const me = useMe();
  const { last, with: other } = direct;
  const words = last ? (last.text ?? t('room.gone')) : t('direct.nothing_yet');
  const unread = current ? 0 : direct.unread;
  return (
    <li>
      <Link
        to="/messages/$room"
        params={{ room: direct.room }}
        className={c.row}
        aria-current={current ? 'page' : undefined}
        data-unread={unread > 0 || undefined}
        data-closed={!direct.open || undefined}
      >
        <Face name={other.name} size={34} />
        <span className={c.who}>
          <b>{other.name}</b>
          {other.organisation !== me.organisation.id && <small>{other.organisation_name}</small>}
        </span>
        <time dateTime={direct.active_at}>{f.ago(direct.active_at)}</time>
        <span className={c.last}>{last?.own ? t('direct.own', { text: words }) : words}</span>
        {unread > 0 && <b className={c.badge} aria-label={t('deals.unread', { count: unread })}>{unread}</b>}
      </Link>
    </li>
  );
}

/** Whom to write to: one's own people, and those of others who said something. */
function Choose({ onDone }: { onDone: () => void }) {
  const { t } = useTranslation();
  const me = useMe();
  const write = useWrite();
  const [typed, setTyped] = useState('');
  const [q] = useDebouncedValue(typed, 150);
  const found = useQuery({ queryKey: ['reachable', q], queryFn: () => api.read('/directs/people', { q }) });
  const people = found.data?.items ?? [];
  const pick = async (one: Reachable) => {
    if (await write(one.user, one.organisation)) onDone();
  };
  return (
    <div className={c.choose}>
      <TextInput
        data-autofocus
        autoFocus
        leftSection={<Search size={14} aria-hidden />}
        aria-label={t('direct.to')}
        placeholder={t('direct.to')}
        value={typed}
        onChange={(event) => setTyped(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key === 'Escape') onDone();
          if (event.key === 'Enter' && people[0]) void pick(people[0]);
        }}
      />
      <ul>
        {people.map((one) => (
          <li key={`${one.user}@${one.organisation}`}>
            <button type="button" onClick={() => void pick(one)}>
              <Face name={one.name} size={26} />
              <b>{one.name}</b>
              {one.organisation !== me.organisation.id && <small>{one.organisation_name}</small>}
            </button>
          </li>
        ))}
      </ul>
      {found.data && people.length === 0 && <p className={c.none}>{t('direct.nobody')}</p>}
    </div>
  );
}

function Talk({ room: id }: { room: string }) {
  const { t } = useTranslation();
  const me = useMe();
  const navigate = useNavigate();
  const { at } = useSearch({ strict: false }) as { at?: number };
  const [revoked, setRevoked] = useState(false);
  const asked = useQuery({ queryKey: ['room', id], queryFn: () => api.read(`/rooms/${id}`) });
  const gone = revoked || (asked.error instanceof Problem && asked.error.status === 404);
  if (gone)
    return (
      <Empty
        icon={MessagesSquare}
        title={t('direct.gone')}
        text={t('direct.gone_text')}
        action={
          <Button variant="default" onClick={() => void navigate({ to: '/messages' })}>
            {t('direct.back')}
          </Button>
        }
      />
    );
  if (asked.isError) return <Failed fault={asked.error} retry={() => void asked.refetch()} />;
  if (!asked.data) return <Waiting rows={6} height={60} />;
  const room = asked.data;
  const name = room.with?.name ?? t('nav.messages');
  return (
    <>
      <header className={c.head}>
        <Link to="/messages" className={c.back} aria-label={t('direct.back')}>
          <ArrowLeft size={17} aria-hidden />
        </Link>
        <Face name={name} size={30} />
        <h1>{name}</h1>
        {room.with && room.with.organisation !== me.organisation.id && <small>{room.with.organisation_name}</small>}
      </header>
      <RoomView
        key={room.id}
        room={room}
        title={name}
        at={at}
        canWrite={room.can_write && me.can.includes('room.post')}
        onRevoked={() => setRevoked(true)}
      />
    </>
  );
}
