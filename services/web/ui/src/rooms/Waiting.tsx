import { UnstyledButton } from '@mantine/core';
import { CircleAlert, Clock3, Reply } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import i18n from 'i18next';
import { useMe } from '../app/queries';
import { Face } from '../parts/Face';
import { Tag } from '../parts/Tag';
import type { Standing } from './about';
import { Markdown } from './Markdown';
import { outbox, type Pending } from './outbox';
import c from './room.module.css';

/** Why the hub refused, in words where we have them. */
export const refusal = (code?: string) => {
  const key = `nak.${code}`;
  return code && i18n.exists(key) ? i18n.t(key) : i18n.t('nak.other', { code: code ?? '?' });
};

/** A message that waits for the hub, or that it refused. */
export function Waiting({ pending }: { pending: Pending }) {
  const { t } = useTranslation();
  const me = useMe();
  const failed = pending.state === 'failed';
  return (
    <article className={c.message} data-key={pending.cid} data-pending={pending.state}>
      <Face name={me.person.name} size={30} />
      <div>
        <header>
          <b>{me.person.name}</b>
          {pending.reply_to !== undefined && <Reply size={12} aria-label={t('thread.answers')} />}
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
            <CircleAlert size={13} aria-hidden /> {refusal(pending.code)}
            <UnstyledButton onClick={() => outbox.retry(pending.cid)}>{t('room.retry')}</UnstyledButton>
            <UnstyledButton onClick={() => outbox.discard(pending.cid)}>{t('room.discard')}</UnstyledButton>
          </p>
        )}
      </div>
    </article>
  );
}

/** Better words that the hub refused: the message stands as it was, and they are not lost. */
export function Unsaved({ unsaved }: { unsaved: NonNullable<Standing['unsaved']> }) {
  const { t } = useTranslation();
  return (
    <div className={c.unsaved}>
      <p className={c.retry}>
        <CircleAlert size={13} aria-hidden /> {t('message.unsaved')} {refusal(unsaved.code)}
        <UnstyledButton onClick={() => outbox.retry(unsaved.cid)}>{t('room.retry')}</UnstyledButton>
        <UnstyledButton onClick={() => outbox.discard(unsaved.cid)}>{t('room.discard')}</UnstyledButton>
      </p>
      <Markdown text={unsaved.body} />
    </div>
  );
}
