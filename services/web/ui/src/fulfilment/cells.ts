import type { KeyboardEvent } from 'react';

/** Enter and arrows walk through the cells of a grid; Enter goes down and then to the next column. */
export function walk(event: KeyboardEvent<HTMLInputElement>, line: number, column: number, lines: number) {
  if (event.nativeEvent.isComposing) return;
  const go = (to: number, at: number) => {
    const cell = event.currentTarget
      .closest('table')
      ?.querySelector<HTMLInputElement>(`[data-cell="${to}-${at}"]`);
    cell?.focus();
    cell?.select();
    event.preventDefault();
  };
  if (event.key === 'ArrowUp' && line > 0) go(line - 1, column);
  else if (event.key === 'ArrowDown' && line < lines - 1) go(line + 1, column);
  else if (event.key === 'Enter') go(line < lines - 1 ? line + 1 : 0, line < lines - 1 ? column : column + 1);
}

/** Today where the reader lives, as the hub writes a day. */
export function today(plusDays = 0) {
  const at = new Date();
  at.setDate(at.getDate() + plusDays);
  const two = (value: number) => String(value).padStart(2, '0');
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
}
