import { ActionIcon, Textarea } from '@mantine/core';
import { SendHorizontal } from 'lucide-react';
import { useState, type KeyboardEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { remember, remembered } from '../app/preferences';
import { outbox } from './outbox';
import c from './room.module.css';
import type { Stream } from './stream';

/** Where one writes; the draft of each room waits until it is sent. */
export function Composer({
  room,
  placeholder,
  stream,
}: {
  room: string;
  placeholder: string;
  stream: Stream;
}) {
  const { t } = useTranslation();
  const [text, setText] = useState(() => remembered(`draft.${room}`, ''));
  const change = (next: string) => {
    setText(next);
    remember(`draft.${room}`, next);
    if (next) stream.typing();
  };
  const send = () => {
    const body = text.trim();
    if (!body) return;
    outbox.write(room, body);
    change('');
  };
  const press = (event: KeyboardEvent) => {
    if (event.key !== 'Enter' || event.shiftKey || event.nativeEvent.isComposing) return;
    event.preventDefault();
    send();
  };
  return (
    <form
      className={c.composer}
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
    >
      <Textarea
        size="sm"
        flex={1}
        autosize
        minRows={1}
        maxRows={8}
        maxLength={16_000}
        value={text}
        onChange={(event) => change(event.currentTarget.value)}
        onKeyDown={press}
        placeholder={placeholder}
        aria-label={placeholder}
      />
      <ActionIcon
        type="submit"
        variant="filled"
        color="pine"
        size={36}
        aria-label={t('room.send')}
        disabled={!text.trim()}
      >
        <SendHorizontal size={17} />
      </ActionIcon>
    </form>
  );
}
