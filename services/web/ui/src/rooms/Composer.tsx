import { ActionIcon, Textarea, Tooltip } from '@mantine/core';
import {
  Bold,
  Code,
  Eye,
  Italic,
  Link2,
  List,
  PencilLine,
  Quote,
  SendHorizontal,
  Strikethrough,
} from 'lucide-react';
import { useId, useMemo, useRef, useState, type KeyboardEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { remember, remembered } from '../app/preferences';
import { useCommands, type Command } from './commands';
import { begin, link, mark, newline, type Written } from './format';
import { Markdown } from './Markdown';
import { outbox } from './outbox';
import c from './composer.module.css';
import type { Stream } from './stream';

const FORMATS = [
  { name: 'bold', key: 'b', Icon: Bold, act: (text: Written) => mark(text, '**') },
  { name: 'italic', key: 'i', Icon: Italic, act: (text: Written) => mark(text, '_') },
  { name: 'strike', key: 'X', Icon: Strikethrough, act: (text: Written) => mark(text, '~~') },
  { name: 'code', key: 'e', Icon: Code, act: (text: Written) => mark(text, '`') },
  { name: 'link', key: 'U', Icon: Link2, act: link },
  { name: 'list', key: '*', Icon: List, act: (text: Written) => begin(text, '- ') },
  { name: 'quote', key: '>', Icon: Quote, act: (text: Written) => begin(text, '> ') },
] as const;

const shown = (key: string) =>
  `Ctrl ${key === key.toLowerCase() && /[a-z]/.test(key) ? '' : 'Shift '}${key.toUpperCase()}`;

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
  const [looking, setLooking] = useState(false);
  const [at, setAt] = useState(0);
  const [hidden, setHidden] = useState(false);
  const field = useRef<HTMLTextAreaElement>(null);
  const id = useId();
  const commands = useCommands();
  const offered = useMemo(
    () => (hidden || !text.startsWith('/') || text.includes('\n') ? [] : commands.matching(text)),
    [commands, text, hidden],
  );
  const current = offered[Math.min(at, offered.length - 1)];

  const change = (next: string) => {
    setText(next);
    setAt(0);
    setHidden(false);
    remember(`draft.${room}`, next);
    if (next) stream.typing();
  };
  const send = () => {
    const body = text.trim();
    if (!body) return;
    outbox.write(room, body);
    setLooking(false);
    change('');
    field.current?.focus();
  };
  const run = (command: Command) => {
    change('');
    command.act();
  };
  /** Replaces as typing would, so that the browser can undo it. */
  const apply = (act: (written: Written) => Written) => {
    const input = field.current;
    if (!input) return;
    const next = act({ text: input.value, from: input.selectionStart, to: input.selectionEnd });
    input.focus();
    input.select();
    if (!document.execCommand('insertText', false, next.text)) change(next.text);
    requestAnimationFrame(() => input.setSelectionRange(next.from, next.to));
  };
  const choose = (event: KeyboardEvent) => {
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      const step = event.key === 'ArrowDown' ? 1 : -1;
      setAt((Math.min(at, offered.length - 1) + step + offered.length) % offered.length);
    } else if ((event.key === 'Enter' && !event.shiftKey) || event.key === 'Tab') {
      run(current);
    } else if (event.key === 'Escape') {
      setHidden(true);
    } else {
      return false;
    }
    event.preventDefault();
    event.stopPropagation();
    return true;
  };
  const press = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing || (current && choose(event))) return;
    const format = (event.ctrlKey || event.metaKey) && FORMATS.find((one) => one.key === event.key);
    if (format) {
      event.preventDefault();
      apply(format.act);
    } else if (event.key === 'Enter' && event.shiftKey) {
      event.preventDefault();
      apply(newline);
    } else if (event.key === 'Enter') {
      event.preventDefault();
      send();
    } else if (event.key === 'Escape') {
      field.current?.blur();
    }
  };
  return (
    <form
      className={c.composer}
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
    >
      {current && (
        <ul className={c.commands} role="listbox" id={`${id}-list`} aria-label={t('command.title')}>
          {offered.map((command, place) => (
            <li
              key={command.text}
              id={`${id}-${place}`}
              role="option"
              aria-selected={command === current}
              onMouseEnter={() => setAt(place)}
              onMouseDown={(event) => {
                event.preventDefault();
                run(command);
              }}
            >
              <command.Icon size={15} aria-hidden />
              <b>{command.text}</b>
              <span>{command.what}</span>
            </li>
          ))}
        </ul>
      )}
      <div className={c.box}>
        {looking ? (
          <div className={c.preview} tabIndex={0} role="group" aria-label={t('composer.preview')}>
            <Markdown text={text} />
          </div>
        ) : (
          <Textarea
            ref={field}
            variant="unstyled"
            classNames={{ input: c.input }}
            autosize
            minRows={1}
            maxRows={10}
            maxLength={8_000}
            value={text}
            onChange={(event) => change(event.currentTarget.value)}
            onKeyDown={press}
            onBlur={() => setHidden(true)}
            onFocus={() => setHidden(false)}
            placeholder={placeholder}
            aria-label={placeholder}
            aria-autocomplete="list"
            aria-controls={current && `${id}-list`}
            aria-activedescendant={current && `${id}-${offered.indexOf(current)}`}
          />
        )}
        <div className={c.bar}>
          <div className={c.formats} role="group" aria-label={t('composer.format')}>
            {FORMATS.map(({ name, key, Icon, act }) => (
              <Tooltip key={name} label={`${t(`composer.${name}`)} · ${shown(key)}`} openDelay={400}>
                <ActionIcon
                  size={28}
                  disabled={looking}
                  aria-label={t(`composer.${name}`)}
                  onMouseDown={(event) => event.preventDefault()}
                  onClick={() => apply(act)}
                >
                  <Icon size={15} strokeWidth={1.9} />
                </ActionIcon>
              </Tooltip>
            ))}
          </div>
          <span className={c.hint} aria-hidden>
            {t('composer.hint')}
          </span>
          {text.trim() && (
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
            disabled={!text.trim()}
          >
            <SendHorizontal size={15} />
          </ActionIcon>
        </div>
      </div>
    </form>
  );
}
