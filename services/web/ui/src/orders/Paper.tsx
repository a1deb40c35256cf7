import { useTranslation } from 'react-i18next';
import type { PaperReading } from '../api/types';
import c from './paper.module.css';
import type { Segment } from './segments';
import { isFrom, type Span } from './spans';

interface PaperProps {
  paper: PaperReading;
  /** The segment that is pointed at. */
  pointed?: Segment;
  onPoint: (spans: Span[]) => void;
  onJump: (at: number) => void;
}
type Cell = PaperReading['sections'][number]['rows'][number]['cells'][number];

/** A document as a person reads it; what is pointed at here lights up in the segments, and the other way round. */
export function Paper({ paper, pointed, onPoint, onJump }: PaperProps) {
  const { t } = useTranslation();
  const cell = (one: Cell, place: number) =>
    one.spans.length === 0 ? (
      <span key={place}>{one.text}</span>
    ) : (
      <button
        key={place}
        type="button"
        className={c.value}
        data-lit={isFrom(one.spans, pointed) || undefined}
        onMouseEnter={() => onPoint(one.spans)}
        onMouseLeave={() => onPoint([])}
        onFocus={() => onPoint(one.spans)}
        onBlur={() => onPoint([])}
        onClick={() => onJump(one.spans[0].at)}
      >
        {one.text}
      </button>
    );
  return (
    <article className={c.paper} aria-label={t('edi.as_document')}>
      <header>
        <h2>{paper.title || paper.name}</h2>
        <code>{paper.control}</code>
      </header>
      {paper.told.map((sentence) => (
        <p key={sentence} className={c.told}>
          {sentence}
        </p>
      ))}
      {paper.sections.length === 0 && paper.told.length === 0 && (
        <p className={c.told}>{t('edi.no_document')}</p>
      )}
      {paper.sections.map((section, place) => (
        <section key={place} aria-label={section.name || paper.name}>
          {section.name && <h3>{section.name}</h3>}
          {section.columns.length > 0 ? (
            <div className={c.scroll} tabIndex={0} role="group" aria-label={section.name}>
              <table>
                <thead>
                  <tr>
                    {section.columns.map((column) => (
                      <th key={column}>{column}</th>
                    ))}
                  </tr>
                </thead>
                <tbody>
                  {section.rows.map((row, at) =>
                    row.depth === 0 && !row.label ? (
                      <tr key={at}>
                        {row.cells.map((one, column) => (
                          <td key={column}>{cell(one, column)}</td>
                        ))}
                      </tr>
                    ) : (
                      <tr key={at} className={c.under}>
                        <td colSpan={section.columns.length}>
                          {row.label && <small>{row.label}</small>}
                          {row.cells.map(cell)}
                        </td>
                      </tr>
                    ),
                  )}
                </tbody>
              </table>
            </div>
          ) : (
            <dl>
              {section.rows.map((row, at) => (
                <div key={at} style={{ paddingLeft: row.depth * 14 }}>
                  <dt>{row.label}</dt>
                  <dd>{row.cells.map(cell)}</dd>
                </div>
              ))}
            </dl>
          )}
        </section>
      ))}
      {paper.left.length > 0 && (
        <section aria-label={t('edi.left')}>
          <h3>{t('edi.left')}</h3>
          <ul className={c.left}>
            {paper.left.map((one, place) => (
              <li key={place}>
                <button type="button" className={c.value} onClick={() => onJump(one.at)}>
                  {one.what}
                </button>
              </li>
            ))}
          </ul>
        </section>
      )}
    </article>
  );
}
