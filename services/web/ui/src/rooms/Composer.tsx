import { ActionIcon, Tooltip } from '@mantine/core';
import {
  AtSign,
  Bold,
  Code,
  Eye,
  Italic,
  Link2,
  List,
  PencilLine,
  Quote,
  Reply,
  SendHorizontal,
  Strikethrough,
  X,
} from 'lucide-react';
import { useRef, useState, type Ref, type RefObject } from 'react';
import { useTranslation } from 'react-i18next';
import type { Room } from '../api/types';
import { Field, type FieldHandle } from './Field';
import { AttachFile } from './Files';
import { FORMATS } from './format';
import { Markdown } from './Markdown';
import { calls, MOST_CALLED, opened, sealed, type Words } from './mentions';
import { outbox } from './outbox';
import { useDraft } from './own';
import c from './composer.module.css';
import type { Stream } from './stream';

const ICONS = {
  bold: Bold,
  italic: Italic,
  strike: Strikethrough,
  code: Code,
  link: Link2,
  list: List,
  quote: Quote,
};
const NOTHING: Words = { text: '', called: {} };

const shown = (key: string) =>
  `Ctrl ${key === key.toLowerCase() && /[a-z]/.test(key) ? '' : 'Shift '}${key.toUpperCase()}`;

/** The message that is answered, as the composer shows it. */
export interface Answered {
  seq: number;
  name: string;
  text: string;
}

/** Where one writes; the draft of each room waits until it is sent. */
export function Composer({
  ref,
  room,
  placeholder,
  stream,
  answered,
  thread,
  onAnswered,
  onEscape,
  onUp,
  onReact,
}: {
  ref?: Ref<FieldHandle>;
  room: Room;
  placeholder: string;
  stream: Stream;
  /** What is quoted above the field. */
  answered?: Answered | null;
  /** The message that all that is written here answers. */
  thread?: number;
  onAnswered?: () => void;
  /** Esc, where there is nothing nearer to leave. */
  onEscape?: () => void;
  onUp?: () => void;
  onReact?: (emoji: string) => void;
}) {
  const { t } = useTranslation();
  const draft = useDraft(room.id, thread, (body) => setWords(opened(body, t('mention.all'))));
  const [words, setWords] = useState(() => opened(draft.first, t('mention.all')));
  const [looking, setLooking] = useState(false);
  const own = useRef<FieldHandle>(null);
  const field = (ref as RefObject<FieldHandle | null>) ?? own;
  const called = calls(words);

  const change = (next: Words) => {
    setWords(next);
    draft.write(sealed(next));
    if (next.text) stream.typing();
  };
  const send = () => {
    const body = sealed(words).trim();
    if (!body || called.length > MOST_CALLED) return;
    outbox.write(room.id, body, thread ?? answered?.seq);
    setLooking(false);
    change(NOTHING);
    onAnswered?.();
    field.current?.focus();
  };
  return (
    <form
      className={c.composer}
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
    >
      <div className={c.box}>
        {answered && (
          <div className={c.answered}>
            <Reply size={13} aria-hidden />
            <span>
              {t('composer.answers', { name: answered.name })} <q>{answered.text}</q>
            </span>
            <ActionIcon size={24} aria-label={t('composer.no_answer')} onClick={() => onAnswered?.()}>
              <X size={13} />
            </ActionIcon>
          </div>
        )}
        {looking ? (
          <div className={c.preview} tabIndex={0} role="group" aria-label={t('composer.preview')}>
            <Markdown text={sealed(words)} />
          </div>
        ) : (
          <Field
            ref={field}
            room={room}
            words={words}
            onChange={change}
            onEnter={send}
            onEscape={answered ? onAnswered : onEscape}
            onUp={onUp}
            onReact={onReact}
            commands={thread === undefined}
            placeholder={placeholder}
          />
        )}
        <div className={c.bar}>
          <div className={c.formats} role="group" aria-label={t('composer.format')}>
            {FORMATS.map(({ name, key, act }) => {
              const Icon = ICONS[name];
              return (
                <Tooltip key={name} label={`${t(`composer.${name}`)} · ${shown(key)}`} openDelay={400}>
                  <ActionIcon
                    size={28}
                    disabled={looking}
                    aria-label={t(`composer.${name}`)}
                    onMouseDown={(event) => event.preventDefault()}
                    onClick={() => field.current?.apply(act)}
                  >
                    <Icon size={15} strokeWidth={1.9} />
                  </ActionIcon>
                </Tooltip>
              );
            })}
          </div>
          <AttachFile
            room={room.id}
            words={sealed(words)}
            answers={thread ?? answered?.seq}
            onSent={() => {
              change(NOTHING);
              onAnswered?.();
            }}
          />
          {called.length > 0 ? (
            <span className={c.calls} role="status" data-full={called.length > MOST_CALLED || undefined}>
              <AtSign size={12} aria-hidden />
              {called.length > MOST_CALLED
                ? t('mention.full', { count: MOST_CALLED })
                : t('mention.tells', { names: called.map((one) => one.name).join(', ') })}
            </span>
          ) : (
            <span className={c.hint} aria-hidden>
              {t('composer.hint')}
            </span>
          )}
          {words.text.trim() && (
            <Tooltip label={t(looking ? 'composer.write' : 'composer.preview')} openDelay={400}>
              <ActionIcon
                size={28}
                aria-pressed={looking}
                aria-label={t('composer.preview')}
                onClick={() => setLooking(!looking)}
              >
                {looking ? <PencilLine size={15} /> : <Eye size={15} />}
              </ActionIcon>
            </Tooltip>
          )}
          <ActionIcon
            type="submit"
            variant="filled"
            color="pine"
            size={30}
            aria-label={t('room.send')}
            disabled={!words.text.trim() || called.length > MOST_CALLED}
          >
            <SendHorizontal size={15} />
          </ActionIcon>
        </div>
      </div>
    </form>
  );
}
