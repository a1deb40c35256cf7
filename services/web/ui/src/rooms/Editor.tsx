import { Button } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../app/format';
import c from './composer.module.css';
import { Field } from './Field';
import { calls, MOST_CALLED, opened, sealed } from './mentions';
import { outbox } from './outbox';
import { useTalk } from './talk';

/** Better words for a message, written where it stands: Enter saves, Esc leaves it as it was. */
export function Editor({ seq, body, at }: { seq: number; body: string; at: number }) {
  const { t } = useTranslation();
  const f = useFormat();
  const talk = useTalk();
  const [words, setWords] = useState(() => opened(body, t('mention.all')));
  const next = sealed(words).trim();
  const full = calls(words).length > MOST_CALLED;
  const close = () => {
    talk.edit(null);
    requestAnimationFrame(talk.write);
  };
  const save = () => {
    if (!next || full) return;
    if (next !== body.trim()) outbox.act(talk.room.id, { act: 'edit', target: seq, body: next });
    close();
  };
  return (
    <form
      className={c.editor}
      onSubmit={(event) => {
        event.preventDefault();
        save();
      }}
    >
      <div className={c.box}>
        <Field
          room={talk.room}
          words={words}
          onChange={setWords}
          onEnter={save}
          onEscape={close}
          label={t('message.edit_of', { when: f.time(at) })}
          autoFocus
        />
      </div>
      <div className={c.saving}>
        <span>{full ? t('mention.full', { count: MOST_CALLED }) : t('message.edit_hint')}</span>
        <Button size="compact-sm" variant="default" onClick={close}>
          {t('do.cancel')}
        </Button>
        <Button size="compact-sm" type="submit" disabled={!next || full}>
          {t('do.save')}
        </Button>
      </div>
    </form>
  );
}
