import { Button, TextInput } from '@mantine/core';
import { Search } from 'lucide-react';
import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Failed, Waiting } from '../parts/Page';
import { Hit, step } from '../search/Hits';
import s from '../search/search.module.css';
import { useHits } from '../search/useHits';
import { Side } from './Side';
import c from './side.module.css';
import { useTalk } from './talk';

/** Search in this room; what was found is led to in the log. */
export function Seek({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const talk = useTalk();
  const [typed, setTyped] = useState('');
  const field = useRef<HTMLInputElement>(null);
  const { found, enabled, hits } = useHits(typed, talk.room.id);
  return (
    <Side title={t('search.in_room')} onClose={onClose}>
      <search
        style={{ display: 'contents' }}
        onKeyDown={(event) => {
          const by = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
          if (!by) return;
          event.preventDefault();
          step(field.current, by);
        }}
      >
        <div className={s.field}>
          <TextInput
            ref={field}
            type="search"
            aria-label={t('search.in_room')}
            placeholder={t('search.hint')}
            leftSection={<Search size={14} aria-hidden />}
            value={typed}
            maxLength={200}
            onChange={(event) => setTyped(event.currentTarget.value)}
            onKeyDown={(event) => {
              if (event.key === 'Enter' && hits[0]) talk.jump(hits[0].seq);
            }}
            data-autofocus
            autoFocus
          />
        </div>
        <div className={s.beside} tabIndex={0} role="group" aria-label={t('search.in_room')}>
          {!enabled ? (
            <p className={c.empty}>{t('search.help')}</p>
          ) : found.isError ? (
            <Failed fault={found.error} retry={() => void found.refetch()} />
          ) : !found.data ? (
            <Waiting rows={3} height={56} />
          ) : hits.length === 0 ? (
            <p className={c.empty}>{t('search.none')}</p>
          ) : (
            <ul>
              {hits.map((hit) => (
                <li key={hit.seq}>
                  <Hit hit={hit} onOpen={() => hit.seq > 0 && talk.jump(hit.seq)} />
                </li>
              ))}
            </ul>
          )}
          {enabled && found.hasNextPage && (
            <p>
              <Button
                size="compact-sm"
                variant="default"
                loading={found.isFetchingNextPage}
                onClick={() => void found.fetchNextPage()}
              >
                {t('search.more')}
              </Button>
            </p>
          )}
        </div>
      </search>
    </Side>
  );
}
