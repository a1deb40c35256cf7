import { Textarea } from '@mantine/core';
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import type { PaperReading } from '../api/types';
import type { Changes } from './mending';
import c from './orders.module.css';
import { at as segmentAt, isNamed, type Segment } from './segments';
import { pieces, type Span } from './spans';

interface RawProps {
  segments: Segment[];
  separator: string;
  wrong: Set<number | undefined>;
  /** What the hub knows of the segments of the document that is shown. */
  known?: PaperReading['segments'];
  /** The bytes that the pointed value of the document comes from. */
  lit: Span[];
  jump?: number;
  onJump: (segment: Segment) => void;
  onPoint: (segment?: Segment) => void;
  /** Mending by hand: what was written into segments, and what stands in one. */
  mend?: {
    changes: Changes;
    words: (segment: Segment) => string;
    onChange: (segment: Segment, text: string) => void;
  };
}

/** The bytes cut into segments, each with its plain name beside it. */
export function Raw({ segments, separator, wrong, known, lit, jump, onJump, onPoint, mend }: RawProps) {
  const { t } = useTranslation();
  const frame = useRef<HTMLOListElement>(null);
  const first = lit.length > 0 ? segmentAt(segments, lit[0].at)?.number : undefined;
  const names = new Map(known?.map((one) => [one.at, one]));
  useEffect(() => {
    if (jump) frame.current?.querySelector(`[data-segment="${jump}"]`)?.scrollIntoView({ block: 'center' });
  }, [jump, segments]);
  useEffect(() => {
    const row = first && frame.current?.querySelector<HTMLElement>(`[data-segment="${first}"]`);
    const box = frame.current;
    if (!row || !box || box.scrollHeight <= box.clientHeight) return;
    const top = row.offsetTop - box.offsetTop;
    if (top < box.scrollTop || top + row.offsetHeight > box.scrollTop + box.clientHeight)
      box.scrollTo({ top: top - box.clientHeight / 3 });
  }, [first]);
  return (
    <ol className={c.raw} ref={frame} tabIndex={0} aria-label={t('edi.segments')}>
      {segments.map((segment) => {
        const named = names.get(segment.from);
        const here = segment.number === jump;
        return (
          <li
            key={segment.number}
            data-segment={segment.number}
            data-wrong={wrong.has(segment.number) || undefined}
            data-here={here || undefined}
            data-changed={mend?.changes[segment.number] !== undefined || undefined}
            onClick={() => onJump(segment)}
            onMouseEnter={() => onPoint(segment)}
            onMouseLeave={() => onPoint(undefined)}
          >
            <span className={c.number}>{segment.number}</span>
            <code style={{ paddingLeft: `${(named?.depth ?? 0) * 1.2}ch` }}>
              <b>{segment.tag}</b>
              {pieces(segment, separator, lit).map(({ text, mark, lit: on }, place) => (
                <span key={place} data-lit={on || undefined}>
                  {mark && <i>{mark}</i>}
                  {text}
                </span>
              ))}
            </code>
            <small>{named?.name || (isNamed(segment.tag) ? t(`segment.${segment.tag}`) : '')}</small>
            {mend && (here || mend.changes[segment.number] !== undefined) && (
              <Textarea
                className={c.write}
                autosize
                aria-label={t('edi.mend_segment', { segment: `${segment.number} ${segment.tag}` })}
                autoCapitalize="off"
                autoCorrect="off"
                spellCheck={false}
                value={mend.changes[segment.number] ?? mend.words(segment)}
                onClick={(event) => event.stopPropagation()}
                onChange={(event) => mend.onChange(segment, event.currentTarget.value)}
              />
            )}
            {here && !mend && named && named.values.length > 0 && (
              <dl className={c.values} aria-label={t('edi.values', { segment: segment.tag })}>
                {named.values.map((value, place) => (
                  <div key={place}>
                    <dt>
                      <code>
                        {segment.tag}
                        {String(value.element).padStart(2, '0')}
                      </code>{' '}
                      {value.name}
                    </dt>
                    <dd>
                      <code>{value.value}</code>
                      {value.meaning && ` · ${value.meaning}`}
                    </dd>
                  </div>
                ))}
              </dl>
            )}
          </li>
        );
      })}
    </ol>
  );
}
