import { createInstance } from 'i18next';
import words from 'virtual:push-words';
import type { Locale, Notice } from '../api/types';
import { sentence } from '../notifications/sentence';

/** What the hub tells a device (`directory/src/push/tell.rs`). */
export interface Message {
  about: 'news' | 'trial';
  locale: Locale;
  notice?: Notice;
  unread?: number;
  organisation?: string;
  organisation_name?: string;
}

/** What stands on the screen of a device, and where a touch leads. */
export interface Shown {
  title: string;
  body: string;
  /** What has the same is shown in one place. */
  tag: string;
  url: string;
}

/** How a message is shown. What cannot be read says that something came, since a browser must show something. */
export function shown(message: Message | undefined): Shown {
  const locale = message && message.locale in words ? message.locale : 'en';
  const i18n = createInstance();
  void i18n.init({
    lng: locale,
    resources: { [locale]: { translation: words[locale] } },
    keySeparator: false,
    nsSeparator: false,
    fallbackLng: false,
    initAsync: false,
    interpolation: { escapeValue: false, prefix: '{', suffix: '}' },
  });
  const { t } = i18n;
  if (message?.about === 'trial')
    return { title: 'Entente', body: t('push.works'), tag: 'trial', url: '/settings?part=notices' };
  const { notice, unread = 1, organisation = '', organisation_name: name } = message ?? {};
  const said = notice && sentence(notice, i18n);
  const more = unread > 1 ? t('push.more', { count: unread - 1 }) : '';
  return {
    title: name ?? 'Entente',
    body: [said ?? t('push.something'), more].filter(Boolean).join('\n'),
    tag: `notices-${organisation}`,
    url: notice ? `/inbox?open=${notice.id}` : '/inbox',
  };
}
