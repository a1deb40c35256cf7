import { UnstyledButton } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { api } from '../api/client';
import { short } from './format';
import c from './room.module.css';
import { useTalk } from './talk';

/** The words that a message answers, in one line; a press leads to them. */
export function Quoted({ seq }: { seq: number }) {
  const { t } = useTranslation();
  const talk = useTalk();
  const held = talk.held(seq);
  const asked = useQuery({
    queryKey: ['quoted', talk.room.id, seq],
    queryFn: async () => {
      const page = await api.read(`/rooms/${talk.room.id}/events`, { before: seq + 1, limit: 1 });
      return page.items.find((event) => event.seq === seq) ?? null;
    },
    enabled: held === undefined,
  });
  const name = held?.event.name ?? asked.data?.name;
  const told = asked.data?.now?.redacted ? undefined : (asked.data?.now?.body ?? asked.data?.body);
  const body = held ? held.said.body : told;
  return (
    <UnstyledButton
      className={c.quoted}
      aria-label={t('thread.to', { name: name ?? '…' })}
      onClick={() => talk.jump(seq)}
    >
      {name && <b>{name}</b>}
      <span>{body ? short(body) : t(name ? 'room.gone' : 'thread.earlier')}</span>
    </UnstyledButton>
  );
}
