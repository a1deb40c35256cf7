import { useTranslation } from 'react-i18next';
import type { Quote } from '../api/types';
import { useFormat } from '../app/format';
import { Section } from '../parts/Page';
import { changes } from './history';
import { QuoteTag } from './QuoteTag';
import c from './quotes.module.css';

/** Every revision, newest first: when it was sent, what became of it, and what it changed. */
export function History({ quote }: { quote: Quote }) {
  const { t } = useTranslation();
  const f = useFormat();
  const value = (field: string, raw: string, currency: string) =>
    raw === '—' ? raw : field === 'deliver_on' ? f.date(raw) : field === 'price' ? f.price(raw, currency) : raw;
  return (
    <Section title={t('quote.history')}>
      <ol className={c.history}>
        {quote.revisions.toReversed().map((revision) => {
          const before = quote.revisions.find((one) => one.rev === revision.rev - 1);
          const changed = before ? changes(before, revision) : [];
          const state = revision.became ?? (revision.sent_at ? 'sent' : quote.state);
          return (
            <li key={revision.rev}>
              <header>
                <b>{t('quote.revision', { rev: revision.rev })}</b>
                <QuoteTag state={state} />
              </header>
              <small>
                {revision.sent_at ? t('quote.sent_at', { at: f.moment(revision.sent_at) }) : t('quote.unsent')}
                {' · '}
                {f.money(revision.total_minor, revision.currency)}
              </small>
              {changed.length > 0 && (
                <ul aria-label={t('quote.changes', { rev: revision.rev })}>
                  {changed.map((change) => (
                    <li key={change.line}>
                      <b>{t('quote.line', { line: change.line })}</b>{' '}
                      {change.kind === 'changed'
                        ? change.fields.map(({ field, from, to }) => (
                            <span key={field}>
                              {t(`quote.diff.${field}`)} <del>{value(field, from, before!.currency)}</del>{' '}
                              <ins>{value(field, to, revision.currency)}</ins>
                            </span>
                          ))
                        : t(`quote.diff.${change.kind}`, { what: change.what })}
                    </li>
                  ))}
                </ul>
              )}
              {revision.note && <q>{revision.note}</q>}
              {revision.sha256 && (
                <a
                  className={c.hash}
                  href={`/api/v1/quotes/${quote.id}/documents/${revision.rev}`}
                  target="_blank"
                  rel="noreferrer"
                  title={revision.sha256}
                >
                  {t('quote.document')} <code>{revision.sha256.slice(0, 12)}…</code>
                </a>
              )}
            </li>
          );
        })}
      </ol>
    </Section>
  );
}
