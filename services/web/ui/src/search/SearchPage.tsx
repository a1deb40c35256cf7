import { Button, TextInput } from '@mantine/core';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { Lock, Mail, MessageCircle, MessagesSquare, Search, SearchX } from 'lucide-react';
import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { FoundMessage } from '../api/types';
import { useKeys } from '../app/keys';
import { Empty, Failed, Page, Waiting } from '../parts/Page';
import { Hit, step } from './Hits';
import c from './search.module.css';
import { useHits } from './useHits';

const ICONS = { main: MessagesSquare, internal: Lock, topic: Mail, direct: MessageCircle };

/** Everything that was said and that one may read, by its words. */
export function SearchPage() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const { q = '' } = useSearch({ from: '/shell/search' });
  const [typed, setTyped] = useState(q);
  const field = useRef<HTMLInputElement>(null);
  const { found, enabled, hits } = useHits(typed);
  const type = (text: string) => {
    setTyped(text);
    void navigate({ to: '/search', search: { q: text || undefined }, replace: true });
  };
  const open = (hit: FoundMessage) =>
    void (hit.room.kind === 'direct'
      ? navigate({ to: '/messages/$room', params: { room: hit.room.id }, search: { at: hit.seq || undefined } })
      : navigate({
          to: '/deals/$deal',
          params: { deal: hit.room.deal },
          search: { room: hit.room.id, at: hit.seq || undefined },
        }));
  useKeys({ j: () => step(field.current, 1), k: () => step(field.current, -1), '/': () => field.current?.focus() });
  return (
    <Page title={t('search.title')}>
      <search
        className={c.page}
        onKeyDown={(event) => {
          const by = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
          if (!by) return;
          event.preventDefault();
          step(field.current, by);
        }}
      >
        <TextInput
          ref={field}
          size="md"
          type="search"
          aria-label={t('search.title')}
          placeholder={t('search.hint')}
          leftSection={<Search size={17} aria-hidden />}
          value={typed}
          maxLength={200}
          onChange={(event) => type(event.currentTarget.value)}
          autoFocus
        />
        <p className={c.help}>{t('search.help')}</p>
        {!enabled ? (
          <Empty icon={Search} title={t('search.begin')} text={t('search.begin_text')} />
        ) : found.isError ? (
          <Failed fault={found.error} retry={() => void found.refetch()} />
        ) : !found.data ? (
          <Waiting rows={5} height={64} />
        ) : hits.length === 0 ? (
          <Empty icon={SearchX} title={t('search.none')} text={t('search.none_text')} />
        ) : (
          <Groups hits={hits} onOpen={open} />
        )}
        {enabled && found.hasNextPage && (
          <Button
            variant="default"
            loading={found.isFetchingNextPage}
            onClick={() => void found.fetchNextPage()}
            style={{ alignSelf: 'center' }}
          >
            {t('search.more')}
          </Button>
        )}
      </search>
    </Page>
  );
}

/** What was found, room by room; the room with the newest first. */
function Groups({ hits, onOpen }: { hits: FoundMessage[]; onOpen: (hit: FoundMessage) => void }) {
  const { t } = useTranslation();
  const rooms = [...new Map(hits.map((hit) => [hit.room.id, hit.room])).values()];
  return (
    <>
      <p className={c.count} role="status">
        {t('search.count', { count: hits.length })}
      </p>
      {rooms.map((room) => {
        const Icon = ICONS[room.kind];
        return (
          <section key={room.id} className={c.group} data-kind={room.kind}>
            <h2>
              <Icon size={14} aria-hidden />
              {room.kind === 'direct' ? (
                <Link to="/messages/$room" params={{ room: room.id }}>
                  {t('room.direct')}
                </Link>
              ) : (
                <>
                  <Link to="/deals/$deal" params={{ deal: room.deal }} search={{ room: room.id }}>
                    {room.deal_title ?? t('search.hidden_title')}
                  </Link>
                  <span>{room.kind === 'topic' ? room.title : t(`room.${room.kind}`)}</span>
                </>
              )}
            </h2>
            <ul>
              {hits
                .filter((hit) => hit.room.id === room.id)
                .map((hit) => (
                  <li key={hit.seq}>
                    <Hit hit={hit} onOpen={() => onOpen(hit)} />
                  </li>
                ))}
            </ul>
          </section>
        );
      })}
    </>
  );
}
