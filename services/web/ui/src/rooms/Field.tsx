import { Textarea } from '@mantine/core';
import {
  useId,
  useImperativeHandle,
  useLayoutEffect,
  useRef,
  useState,
  type KeyboardEvent,
  type Ref,
} from 'react';
import type { Room } from '../api/types';
import c from './composer.module.css';
import { FORMATS, newline, type Written } from './format';
import type { Words } from './mentions';
import { useOffers } from './suggest';

export interface FieldHandle {
  focus: () => void;
  apply: (act: (written: Written) => Written) => void;
}

/** Where words are written: Markdown by keys, and offers of commands, people and emoji above it. */
export function Field({
  ref,
  room,
  words,
  onChange,
  onEnter,
  onEscape,
  onUp,
  onReact,
  commands = false,
  placeholder,
  label = placeholder,
  autoFocus,
}: {
  ref?: Ref<FieldHandle>;
  room: Room;
  words: Words;
  onChange: (words: Words) => void;
  onEnter: () => void;
  /** Nothing was left to close; without it the field loses the focus. */
  onEscape?: () => void;
  /** Up in an empty field. */
  onUp?: () => void;
  onReact?: (emoji: string) => void;
  commands?: boolean;
  placeholder?: string;
  label?: string;
  autoFocus?: boolean;
}) {
  const field = useRef<HTMLTextAreaElement>(null);
  const [caret, setCaret] = useState(words.text.length);
  const wanted = useRef<number | null>(null);
  const id = useId();
  const change = (next: Words, at?: number) => {
    if (at !== undefined) wanted.current = at;
    setCaret(at ?? next.text.length);
    onChange(next);
  };
  const offers = useOffers({ room, words, caret, change, commands, onReact });
  useLayoutEffect(() => {
    if (wanted.current === null) return;
    field.current?.setSelectionRange(wanted.current, wanted.current);
    wanted.current = null;
  });
  useLayoutEffect(() => {
    if (!autoFocus) return;
    field.current?.focus({ preventScroll: true });
    field.current?.setSelectionRange(words.text.length, words.text.length);
  }, []);

  /** Replaces as typing would, so that the browser can undo it. */
  const apply = (act: (written: Written) => Written) => {
    const input = field.current;
    if (!input) return;
    const next = act({ text: input.value, from: input.selectionStart, to: input.selectionEnd });
    input.focus();
    input.select();
    if (!document.execCommand('insertText', false, next.text)) onChange({ ...words, text: next.text });
    requestAnimationFrame(() => input.setSelectionRange(next.from, next.to));
  };
  useImperativeHandle(ref, () => ({
    focus: () => field.current?.focus(),
    apply,
  }));
  const press = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing || offers.take(event)) return;
    const format = (event.ctrlKey || event.metaKey) && FORMATS.find((one) => one.key === event.key);
    if (format) {
      event.preventDefault();
      apply(format.act);
    } else if (event.key === 'Enter' && event.shiftKey) {
      event.preventDefault();
      apply(newline);
    } else if (event.key === 'Enter') {
      event.preventDefault();
      onEnter();
    } else if (event.key === 'Escape') {
      event.stopPropagation();
      if (onEscape) onEscape();
      else field.current?.blur();
    } else if (event.key === 'ArrowUp' && onUp && !words.text) {
      event.preventDefault();
      onUp();
    }
  };
  const open = offers.all.length > 0;
  return (
    <>
      {open && (
        <ul className={c.commands} role="listbox" id={`${id}-list`} aria-label={offers.title}>
          {offers.all.map((offer, place) => (
            <li
              key={offer.key}
              id={`${id}-${place}`}
              role="option"
              aria-selected={place === offers.place}
              onMouseEnter={() => offers.point(place)}
              onMouseDown={(event) => {
                event.preventDefault();
                offer.pick();
              }}
            >
              {offer.icon}
              <b>{offer.label}</b>
              {offer.what && <span>{offer.what}</span>}
            </li>
          ))}
        </ul>
      )}
      <Textarea
        ref={field}
        variant="unstyled"
        classNames={{ input: c.input }}
        autosize
        minRows={1}
        maxRows={10}
        maxLength={8_000}
        value={words.text}
        onChange={(event) => {
          const { value, selectionStart } = event.currentTarget;
          setCaret(selectionStart);
          offers.fresh();
          onChange({ ...words, text: value });
        }}
        onSelect={(event) => setCaret(event.currentTarget.selectionStart)}
        onKeyDown={press}
        onBlur={() => offers.hide(true)}
        onFocus={() => offers.hide(false)}
        placeholder={placeholder}
        aria-label={label}
        aria-autocomplete="list"
        aria-controls={open ? `${id}-list` : undefined}
        aria-activedescendant={open ? `${id}-${offers.place}` : undefined}
      />
    </>
  );
}
