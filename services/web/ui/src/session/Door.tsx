import { SegmentedControl } from '@mantine/core';
import { useDocumentTitle } from '@mantine/hooks';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { Locale } from '../api/types';
import { LOCALE_NAMES, LOCALES, speak, spoken } from '../app/i18n';
import markUrl from '../app/mark.svg';
import c from './session.module.css';

/** The page before the house: mark, form, language. */
export function Door({ title, lead, children }: { title: string; lead?: ReactNode; children: ReactNode }) {
  const { t } = useTranslation();
  useDocumentTitle(`${title} · Entente`);
  return (
    <div className={c.door}>
      <header className={c.top}>
        <span className={c.brand}>
          <img src={markUrl} alt="" width={28} height={28} /> Entente
        </span>
        <SegmentedControl
          size="xs"
          aria-label={t('settings.language')}
          value={spoken()}
          data={LOCALES.map((value) => ({ value, label: LOCALE_NAMES[value] }))}
          onChange={(value) => void speak(value as Locale)}
        />
      </header>
      <main className={c.sheet}>
        <h1>{title}</h1>
        {lead && <p className={c.lead}>{lead}</p>}
        {children}
      </main>
      <footer className={c.foot}>{t('session.promise')}</footer>
    </div>
  );
}
