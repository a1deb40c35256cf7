import type { FoundMessage } from '../api/types';
import { useFormat } from '../app/format';
import { useTranslation } from 'react-i18next';
import { Face } from '../parts/Face';
import c from './search.module.css';

/** What was found, each with who said it, when, and the words around it. */
export function Hit({ hit, onOpen }: { hit: FoundMessage; onOpen: () => void }) {
  const { t } = useTranslation();
  const f = useFormat();
  const what = hit.field ? t(`field.${hit.field}`) : hit.kind === 'topic' ? t('search.title_of') : undefined;
  return (
    <button type="button" className={c.hit} data-hit onClick={onOpen}>
      <Face name={hit.name || '#'} size={28} />
      <span className={c.body}>
        <span className={c.by}>
          <b>{hit.name || t('room.topic')}</b>
          {hit.organisation_name && <span>{hit.organisation_name}</span>}
          {what && <i>{what}</i>}
          <time dateTime={hit.at} title={f.precise(hit.at)}>
            {f.moment(hit.at)}
          </time>
        </span>
        <span className={c.words}>
          {hit.snippet.map((piece, at) => (piece.hit ? <mark key={at}>{piece.text}</mark> : piece.text))}
        </span>
      </span>
    </button>
  );
}

/** The next or the one before of what was found, for the arrow keys. */
export function step(from: HTMLElement | null, by: number) {
  const hits = [...document.querySelectorAll<HTMLElement>('[data-hit]')];
  const at = hits.indexOf(document.activeElement as HTMLElement);
  if (at + by < 0) from?.focus();
  else hits[Math.min(hits.length - 1, at + by)]?.focus();
}
