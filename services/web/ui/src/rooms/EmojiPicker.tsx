import { TextInput } from '@mantine/core';
import { Search } from 'lucide-react';
import { useRef, useState, type KeyboardEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { nameOf, seekEmoji, usualEmoji } from './emoji';
import c from './emoji.module.css';

const COLUMNS = 8;

/** Every emoji, found by its name in any of our languages; arrows lead through them, Enter takes one. */
export function EmojiPicker({ onPick }: { onPick: (emoji: string) => void }) {
  const { t, i18n } = useTranslation();
  const [sought, setSought] = useState('');
  const grid = useRef<HTMLDivElement>(null);
  const found = seekEmoji(sought).map((one) => one.sign);
  const usual = sought ? [] : usualEmoji(COLUMNS);
  const signs = [...usual, ...found.filter((sign) => !usual.includes(sign))];
  const step = (event: KeyboardEvent) => {
    const moves: Record<string, number> = {
      ArrowRight: 1,
      ArrowLeft: -1,
      ArrowDown: COLUMNS,
      ArrowUp: -COLUMNS,
    };
    const buttons = [...(grid.current?.querySelectorAll('button') ?? [])];
    const now = buttons.indexOf(document.activeElement as HTMLButtonElement);
    if (event.key === 'Enter' && now < 0 && signs[0]) {
      event.preventDefault();
      return onPick(signs[0]);
    }
    const move = moves[event.key];
    if (!move || (now < 0 && event.key !== 'ArrowDown')) return;
    event.preventDefault();
    const next = now < 0 ? 0 : now + move;
    if (next < 0) grid.current?.parentElement?.querySelector('input')?.focus();
    buttons[next]?.focus();
  };
  return (
    <div className={c.picker} onKeyDown={step}>
      <TextInput
        size="xs"
        data-autofocus
        value={sought}
        onChange={(event) => setSought(event.currentTarget.value)}
        leftSection={<Search size={13} aria-hidden />}
        placeholder={t('emoji.seek')}
        aria-label={t('emoji.seek')}
      />
      <div className={c.grid} ref={grid} role="group" aria-label={t('emoji.all')}>
        {signs.map((sign, place) => (
          <button
            key={sign}
            type="button"
            tabIndex={place === 0 ? 0 : -1}
            aria-label={nameOf(sign, i18n.language)}
            title={nameOf(sign, i18n.language)}
            onClick={() => onPick(sign)}
          >
            {sign}
          </button>
        ))}
        {signs.length === 0 && <p>{t('emoji.none')}</p>}
      </div>
    </div>
  );
}
