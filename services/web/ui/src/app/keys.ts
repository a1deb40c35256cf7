import { useEffect, useRef } from 'react';

/** Whether a key press is meant for a field rather than for a shortcut. */
export const isTyping = (event: KeyboardEvent) => {
  const target = event.target as HTMLElement | null;
  return !!target?.closest?.('input, textarea, select, [contenteditable=true]');
};

/** Whether a dialog, menu or popover is open; it has the keys to itself. */
const isCovered = () => !!document.querySelector('[role=dialog], [role=menu], [role=listbox]');

/** A part of the screen keeps keys to itself by naming them: `data-own-keys="Escape n"`. */
const isKept = (event: KeyboardEvent) => {
  const keeper = (event.target as HTMLElement | null)?.closest?.<HTMLElement>('[data-own-keys]');
  return !!keeper?.dataset.ownKeys?.split(' ').includes(event.key);
};

type Keys = Record<string, (event: KeyboardEvent) => void>;

/** Binds single keys and two-key sequences such as `g d` while the component is shown. */
export function useKeys(keys: Keys, enabled = true) {
  const held = useRef(keys);
  held.current = keys;
  useEffect(() => {
    if (!enabled) return;
    let lead = '';
    let leadAt = 0;
    const press = (event: KeyboardEvent) => {
      if (event.metaKey || event.ctrlKey || event.altKey || isTyping(event) || isCovered() || isKept(event))
        return;
      const chord = lead && Date.now() - leadAt < 1_200 ? `${lead} ${event.key}` : '';
      const act = held.current[chord] ?? (chord ? undefined : held.current[event.key]);
      lead = '';
      if (act) {
        event.preventDefault();
        act(event);
      } else if (Object.keys(held.current).some((name) => name.startsWith(`${event.key} `))) {
        lead = event.key;
        leadAt = Date.now();
      }
    };
    // Before anybody else, so that an overlay that closes on the same key is still seen.
    window.addEventListener('keydown', press, true);
    return () => window.removeEventListener('keydown', press, true);
  }, [enabled]);
}
