import { Button } from '@mantine/core';
import { CircleCheck, Quote } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { MessageFile, RoomEvent } from '../api/types';
import { useFormat } from '../app/format';
import { Face } from '../parts/Face';
import type { Standing } from '../rooms/about';
import { Files } from '../rooms/Files';
import { short } from '../rooms/format';
import { Markdown } from '../rooms/Markdown';
import c from './forum.module.css';

/** What somebody said in a topic, as one reads an article: who, when, then the words. */
export function Post({
  event,
  said,
  answers,
  accepted,
  top,
  onQuote,
  onAccept,
}: {
  event: RoomEvent;
  said: Standing;
  answers?: { event: RoomEvent; said: Standing };
  accepted: boolean;
  /** It stands at the top once more, as the answer. */
  top?: boolean;
  onQuote?: () => void;
  onAccept?: () => void;
}) {
  const { t } = useTranslation();
  const f = useFormat();
  const files = (event.detail as { files?: MessageFile[] } | null | undefined)?.files;
  return (
    <section className={c.post} data-seq={top ? undefined : event.seq} data-accepted={accepted || undefined}>
      <header>
        <Face name={event.name} kind={event.author.startsWith('gst_') ? 'outside' : 'person'} size={36} />
        <span>
          <b>{event.name}</b>
          <small>{event.organisation_name ?? (event.author.startsWith('gst_') ? t('forum.outside') : '')}</small>
        </span>
        <time dateTime={new Date(event.at).toISOString()} title={f.precise(event.at)}>
          {f.moment(event.at)}
          {said.edited && <small>{t('forum.edited')}</small>}
        </time>
      </header>
      {answers && !answers.said.gone && (
        <blockquote className={c.quoted}>
          <b>{answers.event.name}</b> {short(answers.said.body ?? '')}
        </blockquote>
      )}
      {said.gone ? <p className={c.note}>{t('room.gone')}</p> : <Markdown text={said.body ?? ''} />}
      {files && !said.gone && <Files room={event.room} files={files} />}
      {!said.gone && (onQuote || onAccept) && (
        <footer>
          {onQuote && (
            <Button
              size="compact-sm"
              variant="subtle"
              color="gray"
              leftSection={<Quote size={13} aria-hidden />}
              onClick={onQuote}
            >
              {t('forum.quote')}
            </Button>
          )}
          {onAccept && (
            <Button
              size="compact-sm"
              variant="subtle"
              leftSection={<CircleCheck size={13} aria-hidden />}
              onClick={onAccept}
            >
              {t(accepted ? 'forum.unaccept' : 'forum.accept')}
            </Button>
          )}
        </footer>
      )}
    </section>
  );
}
