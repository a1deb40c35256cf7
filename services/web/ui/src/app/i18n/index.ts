import i18n from 'i18next';
import { initReactI18next } from 'react-i18next';
import type { Locale } from '../../api/types';

export const LOCALES: Locale[] = ['en', 'fr', 'es'];
/** Languages by their own names, as a person looks for hers. */
export const LOCALE_NAMES: Record<Locale, string> = { en: 'English', fr: 'Français', es: 'Español' };

const KEPT = 'entente.locale';
const files = import.meta.glob<Record<string, string>>('./*.json', { import: 'default' });

export async function speak(locale: Locale) {
  if (!i18n.hasResourceBundle(locale, 'translation')) {
    i18n.addResourceBundle(locale, 'translation', withMany(await files[`./${locale}.json`]()));
  }
  await i18n.changeLanguage(locale);
  document.documentElement.lang = locale;
  localStorage.setItem(KEPT, locale);
}

export async function startWords() {
  await i18n.use(initReactI18next).init({
    resources: {},
    keySeparator: false,
    nsSeparator: false,
    fallbackLng: false,
    interpolation: { escapeValue: false, prefix: '{', suffix: '}' },
  });
  const wanted = localStorage.getItem(KEPT) ?? navigator.language.slice(0, 2);
  await speak(isLocale(wanted) ? wanted : 'en');
}

export const isLocale = (text: string): text is Locale => (LOCALES as string[]).includes(text);
export const spoken = () => (isLocale(i18n.language) ? i18n.language : 'en');

/** French and Spanish have a plural for millions; here it reads like any other plural. */
function withMany(words: Record<string, string>) {
  const more = Object.entries(words)
    .filter(([key]) => key.endsWith('_other'))
    .map(([key, text]) => [key.replace(/_other$/, '_many'), text]);
  return { ...Object.fromEntries(more), ...words };
}
