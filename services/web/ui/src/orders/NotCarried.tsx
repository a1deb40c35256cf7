import { useTranslation } from 'react-i18next';
import type { Interchange } from '../api/types';
import { Section } from '../parts/Page';
import c from './orders.module.css';

/** What of a paper its dialect, or what is held of it beside the paper, has no place for. */
export function NotCarried({ paper }: { paper: Interchange }) {
  const { t } = useTranslation();
  if (paper.not_carried.length === 0) return null;
  return (
    <Section title={t('edi.not_carried', { count: paper.not_carried.filter((one) => one.why).length })}>
      <ul className={c.left}>
        {paper.not_carried.map((one, place) => (
          <li key={place}>
            <b>{one.what}</b>
            {one.why && <small>{one.why}</small>}
          </li>
        ))}
      </ul>
    </Section>
  );
}
