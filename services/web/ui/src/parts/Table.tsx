import { Skeleton } from '@mantine/core';
import { useVirtualizer } from '@tanstack/react-virtual';
import { ArrowDown, ArrowUp } from 'lucide-react';
import { useEffect, useRef, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useDensity } from '../app/preferences';
import { useKeys } from '../app/keys';
import c from './table.module.css';

export interface Column<T> {
  key: string;
  title: string;
  /** A CSS grid track, such as `2fr` or `120px`. */
  width: string;
  cell: (row: T) => ReactNode;
  end?: boolean;
  /** Left out where the table is narrow. */
  minor?: boolean;
  sort?: { active: boolean; down: boolean; toggle: () => void };
}

interface TableProps<T> {
  label: string;
  rows: T[];
  id: (row: T) => string;
  columns: Column<T>[];
  open?: string;
  onOpen: (row: T) => void;
  /** Asks for the next page when the end comes near. */
  onEnd?: () => void;
  more?: boolean;
}

/** A long list: sticky head, only the visible rows, j/k/Enter, the next page by itself. */
export function Table<T>({ label, rows, id, columns, open, onOpen, onEnd, more }: TableProps<T>) {
  const { t } = useTranslation();
  const density = useDensity();
  const frame = useRef<HTMLDivElement>(null);
  const [at, setAt] = useState(-1);
  const height = density === 'compact' ? 34 : 44;
  const virtual = useVirtualizer({
    count: rows.length + (more ? 1 : 0),
    getScrollElement: () => frame.current,
    estimateSize: () => height,
    overscan: 12,
  });
  const items = virtual.getVirtualItems();
  const end = items.at(-1)?.index ?? 0;

  useEffect(() => virtual.measure(), [height, virtual]);
  useEffect(() => {
    if (more && end >= rows.length - 8) onEnd?.();
  }, [end, more, rows.length, onEnd]);

  const step = (by: number) => {
    const from = at >= 0 ? at : rows.findIndex((row) => id(row) === open);
    const next = Math.max(0, Math.min(rows.length - 1, from + by));
    if (!rows[next]) return;
    setAt(next);
    virtual.scrollToIndex(next);
    requestAnimationFrame(() =>
      frame.current
        ?.querySelector<HTMLElement>(`[data-row="${next}"] button`)
        ?.focus({ preventScroll: true }),
    );
    if (open) onOpen(rows[next]);
  };
  useKeys({ j: () => step(1), k: () => step(-1) });

  const tracks = columns.map((column) => column.width).join(' ');
  const narrow = columns
    .filter((column) => !column.minor)
    .map((column) => column.width)
    .join(' ');
  return (
    <div className={c.holder}>
      <div
        className={c.frame}
        ref={frame}
        data-scroll-restoration-id={`table-${label}`}
        role="table"
        aria-label={label}
        aria-rowcount={rows.length + 1}
        style={{ '--tracks': tracks, '--narrow': narrow } as React.CSSProperties}
      >
        <div className={c.head} role="rowgroup">
          <div className={c.row} role="row">
            {columns.map((column) => (
              <div
                key={column.key}
                role="columnheader"
                className={c.cell}
                data-end={column.end || undefined}
                data-minor={column.minor || undefined}
                aria-sort={column.sort?.active ? (column.sort.down ? 'descending' : 'ascending') : undefined}
              >
                {column.sort ? (
                  <button type="button" className={c.sort} onClick={column.sort.toggle}>
                    {column.title}
                    {column.sort.active &&
                      (column.sort.down ? (
                        <ArrowDown size={12} aria-hidden />
                      ) : (
                        <ArrowUp size={12} aria-hidden />
                      ))}
                  </button>
                ) : (
                  column.title
                )}
              </div>
            ))}
          </div>
        </div>
        <div className={c.body} role="rowgroup" style={{ height: virtual.getTotalSize() }}>
          {items.map((item) => {
            const row = rows[item.index];
            if (!row) {
              return (
                <div
                  key="more"
                  className={c.row}
                  style={{ transform: `translateY(${item.start}px)`, height }}
                  role="row"
                >
                  <div role="cell" className={c.cell} aria-label={t('list.more')}>
                    <Skeleton height={10} width={160} />
                  </div>
                </div>
              );
            }
            const key = id(row);
            return (
              <div
                key={key}
                role="row"
                aria-rowindex={item.index + 2}
                data-row={item.index}
                data-id={key}
                data-open={key === open || undefined}
                className={c.row}
                style={{ transform: `translateY(${item.start}px)`, height }}
                onClick={() => {
                  setAt(item.index);
                  onOpen(row);
                }}
              >
                {columns.map((column, place) => (
                  <div
                    key={column.key}
                    role="cell"
                    className={c.cell}
                    data-end={column.end || undefined}
                    data-minor={column.minor || undefined}
                  >
                    {place === 0 ? (
                      <button type="button" className={c.open} onFocus={() => setAt(item.index)}>
                        {column.cell(row)}
                      </button>
                    ) : (
                      column.cell(row)
                    )}
                  </div>
                ))}
              </div>
            );
          })}
        </div>
      </div>
    </div>
  );
}
