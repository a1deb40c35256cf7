import { Check, Minus } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { Terms } from '../api/types';
import c from './stations.module.css';

/** What is agreed with a partner, in words. */
export function TermsOf({ terms }: { terms: Terms }) {
  const { t } = useTranslation();
  const rows: [string, boolean][] = [
    [t('as2.terms.sign'), terms.sign],
    [terms.cipher ? t('as2.terms.cipher_is', { cipher: terms.cipher }) : t('as2.terms.cipher'), !!terms.cipher],
    [t('as2.terms.compress'), terms.compress],
    [t('as2.terms.signed_receipt'), terms.signed_receipt],
    [t('as2.terms.later'), terms.later],
    [t('as2.terms.require_signed'), terms.require_signed],
    [t('as2.terms.require_encrypted'), terms.require_encrypted],
    [
      terms.acknowledge_hours
        ? t('as2.terms.acknowledge_is', { hours: terms.acknowledge_hours })
        : t('as2.terms.acknowledge_none'),
      !!terms.acknowledge_hours,
    ],
    [t('as2.terms.ask_contrl'), terms.ask_contrl],
    [t('as2.terms.legacy'), terms.legacy],
  ];
  return (
    <ul className={c.terms}>
      {rows.map(([word, on]) => (
        <li key={word} data-on={on || undefined}>
          {on ? (
            <Check size={13} aria-label={t('as2.yes')} />
          ) : (
            <Minus size={13} aria-label={t('as2.no')} />
          )}
          {word}
        </li>
      ))}
    </ul>
  );
}
