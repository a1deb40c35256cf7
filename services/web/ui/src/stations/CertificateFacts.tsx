import { Button, CopyButton } from '@mantine/core';
import { Copy } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { Certificate } from '../api/types';
import { useFormat } from '../app/format';
import { Tag } from '../parts/Tag';
import { age } from './ours';
import c from './stations.module.css';

/** Until when a certificate is good, with a warning in time. */
export function Until({ certificate }: { certificate?: Certificate }) {
  const { t } = useTranslation();
  const f = useFormat();
  if (!certificate) return null;
  const state = age(certificate);
  const day = f.date(certificate.until.slice(0, 10));
  if (state === 'good') return <span>{day}</span>;
  return <Tag tone={state === 'over' ? 'problem' : 'wait'}>{t(`as2.${state}`, { day })}</Tag>;
}

/** A certificate, as two people compare it over the telephone. */
export function CertificateFacts({ certificate, use }: { certificate: Certificate; use: string }) {
  const { t } = useTranslation();
  const print = certificate.fingerprint.match(/.{1,4}/g)?.join(' ') ?? certificate.fingerprint;
  return (
    <div className={c.certificate}>
      <header>
        <b>{certificate.subject}</b>
        <small>{use}</small>
      </header>
      <dl className={c.facts}>
        <dt>{t('as2.until')}</dt>
        <dd>
          <Until certificate={certificate} />
        </dd>
        <dt>{t('as2.issuer')}</dt>
        <dd>{certificate.issuer}</dd>
        <dt>{t('as2.serial')}</dt>
        <dd>
          <code>{certificate.serial}</code>
        </dd>
        <dt>{t('as2.key')}</dt>
        <dd>{t('as2.bits', { bits: certificate.key_bits })}</dd>
        <dt>SHA-256</dt>
        <dd>
          <code>{print}</code>
        </dd>
      </dl>
      <CopyButton value={certificate.pem}>
        {({ copied, copy }) => (
          <Button size="compact-xs" variant="default" leftSection={<Copy size={12} aria-hidden />} onClick={copy}>
            {copied ? t('do.copied') : t('as2.copy_pem')}
          </Button>
        )}
      </CopyButton>
    </div>
  );
}
