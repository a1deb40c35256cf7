import type { i18n, TFunction } from 'i18next';
import type { Notice } from '../api/types';

type Told = Pick<Notice, 'kind' | 'params' | 'subject'>;

/** What a notice says, in one line; none for a kind that this version does not know. */
export function sentence(notice: Told, words: Pick<i18n, 'exists'> & { t: TFunction }) {
  const { t } = words;
  const p = notice.params;
  const stage = (name?: string) => (name && words.exists(`stage.${name}`) ? t(`stage.${name}`) : (name ?? ''));
  // A call in private names no deal.
  const kind = notice.kind === 'mention' && notice.subject?.kind === 'direct' ? 'direct' : notice.kind;
  const filled = {
    ...p,
    title: p.title || p.topic || '…',
    who: p.who ?? p.guest ?? '',
    organisation: p.organisation ?? p.partner ?? '',
    stage: stage(p.stage ?? p.to),
    number: p.number ?? '',
    count: Number(p.days ?? 0),
    other: p.other ?? '',
    about: p.about ?? '',
    customer: p.customer ?? '',
    fund: p.fund ?? '',
    state: p.state && words.exists(`quote.state.${p.state}`) ? t(`quote.state.${p.state}`) : '',
  };
  return words.exists(`notice.${kind}`, { count: 0 }) ? t(`notice.${kind}`, filled) : undefined;
}
