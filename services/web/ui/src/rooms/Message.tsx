import { ActionIcon, Tooltip, UnstyledButton } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { CircleAlert, Clock3, Copy, Link2, Mail, Paperclip } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../app/format';
import { useMe } from '../app/queries';
import { Face } from '../parts/Face';
import { say } from '../parts/say';
import { Tag } from '../parts/Tag';
import type { Row } from './fold';
import { Markdown } from './Markdown';
import { outbox, type Pending } from './outbox';
import c from './room.module.css';

/** What somebody said, with what can be done with it. */
export function Message({ row, us }: { row: Extract<Row, { is: 'event' }>; us: string }) {
  const { t } = useTranslation();
  const f = useFormat();
  const { event } = row;
  const files = (event.detail as { attachments?: { name: string }[] } | null | undefined)?.attachments ?? [];
  const outside = event.author.startsWith('gst_');
  const time = new Date(event.at).toISOString();
  return (
    <article
      className={c.message}
      data-seq={event.seq}
      data-follows={row.follows || undefined}
      data-outside={outside || undefined}
      tabIndex={-1}
      aria-label={t('message.actions', { name: event.name, when: f.time(event.at) })}
    >
      {row.follows ? (
        <time className={c.gutter} dateTime={time}>
          {f.clock(event.at)}
        </time>
      ) : (
        <Face name={event.name} kind={outside ? 'outside' : 'person'} size={30} />
      )}
      <div>
        {!row.follows && (
          <header>
            <b>{event.name}</b>
            {event.organisation_name && event.organisation !== us && <span>{event.organisation_name}</span>}
            {outside && (
              <Tag tone="wait">{t(event.via === 'email' ? 'room.outside_mail' : 'room.outside')}</Tag>
            )}
            {!outside && event.via === 'email' && <Mail size={12} aria-label={t('room.by_mail')} />}
            <time dateTime={time} title={f.precise(event.at)}>
              {f.time(event.at)}
            </time>
          </header>
        )}
        {row.gone ? (
          <p className={c.gone}>{t('room.gone')}</p>
        ) : (
          <div className={c.body}>
            <Markdown text={row.body ?? ''} tail={row.edited && <small> {t('room.edited')}</small>} />
            {files.length > 0 && (
              <span className={c.files}>
                <Paperclip size={12} aria-hidden /> {files.map((file) => file.name).join(', ')}
              </span>
            )}
          </div>
        )}
      </div>
      {!row.gone && <Actions seq={event.seq} body={row.body ?? ''} />}
    </article>
  );
}

/** Shown while the message is pointed at or holds the focus. */
function Actions({ seq, body }: { seq: number; body: string }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const copy = async (text: string, done: string) => {
    try {
      await navigator.clipboard.writeText(text);
      say.done(done);
    } catch {
      // Without the right to the clipboard the address bar holds the link.
      void navigate({ to: '.', search: (before) => ({ ...before, at: seq }), replace: true });
    }
  };
  const address = () => {
    const link = new URL(location.href);
    link.searchParams.set('at', String(seq));
    return link.href;
  };
  return (
    <div className={c.actions} role="toolbar">
      <Tooltip label={t('message.copy')} openDelay={300}>
        <ActionIcon size={28} aria-label={t('message.copy')} onClick={() => void copy(body, t('do.copied'))}>
          <Copy size={14} />
        </ActionIcon>
      </Tooltip>
      <Tooltip label={t('message.link')} openDelay={300}>
        <ActionIcon
          size={28}
          aria-label={t('message.link')}
          onClick={() => void copy(address(), t('message.linked'))}
        >
          <Link2 size={15} />
        </ActionIcon>
      </Tooltip>
    </div>
  );
}

/** A message that waits for the hub, or that it refused. */
export function Waiting({ pending }: { pending: Pending }) {
  const { t } = useTranslation();
  const me = useMe();
  const failed = pending.state === 'failed';
  return (
    <article className={c.message} data-pending={pending.state}>
      <Face name={me.person.name} size={30} />
      <div>
        <header>
          <b>{me.person.name}</b>
          {failed ? (
            <Tag tone="problem">{t('room.failed')}</Tag>
          ) : (
            <span className={c.waiting}>
              <Clock3 size={12} aria-hidden /> {t('room.sending')}
            </span>
          )}
        </header>
        <div className={c.body}>
          <Markdown text={pending.body} />
        </div>
        {failed && (
          <p className={c.retry}>
            <CircleAlert size={13} aria-hidden /> {pending.code && `${pending.code} · `}
            <UnstyledButton onClick={() => outbox.retry(pending.cid)}>{t('room.retry')}</UnstyledButton>
            <UnstyledButton onClick={() => outbox.discard(pending.cid)}>{t('room.discard')}</UnstyledButton>
          </p>
        )}
      </div>
    </article>
  );
}
