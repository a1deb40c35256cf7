import { Button, CopyButton } from '@mantine/core';
import { Copy } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { SftpMailbox } from '../api/types';
import { useFormat } from '../app/format';
import { NamesOf } from './Names';
import c from './stations.module.css';

/** What a partner has to be told of a mailbox here, or what we know of one at the partner's. */
export function MailboxFacts({ mailbox }: { mailbox: SftpMailbox }) {
  const { t } = useTranslation();
  const f = useFormat();
  const { place } = mailbox;
  const facts: [string, string | null | undefined][] =
    place.side === 'ours'
      ? [
          ['address', mailbox.address],
          ['user', mailbox.id],
          ['host_key', mailbox.host_key],
          ['folders', '/in, /out'],
        ]
      : [
          ['address', `${place.host}:${place.port}`],
          ['user', place.user],
          ['host_key', place.host_keys.join(' ') || t('sftp.no_pin')],
          ['our_key', mailbox.public_key],
          ['fetch_from', place.fetch_from],
          ['put_into', place.put_into],
        ];
  return (
    <dl className={c.facts}>
      <div className={c.fact}>
        <dt>{t('as2.identifier')}</dt>
        <dd>
          <NamesOf first={mailbox.identifier} further={mailbox.further} />
        </dd>
      </div>
      {facts.map(
        ([name, value]) =>
          value && (
            <div key={name} className={c.fact}>
              <dt>{t(`sftp.${name}`)}</dt>
              <dd>
                <code>{value}</code>{' '}
                {(name === 'our_key' || place.side === 'ours') && <CopyIt value={value} />}
              </dd>
            </div>
          ),
      )}
      <div className={c.fact}>
        <dt>{t('sftp.seen')}</dt>
        <dd>{mailbox.seen_at ? f.moment(mailbox.seen_at) : t('sftp.never')}</dd>
      </div>
      {mailbox.why && (
        <div className={c.fact}>
          <dt>{t('sftp.trouble')}</dt>
          <dd>{mailbox.why}</dd>
        </div>
      )}
    </dl>
  );
}

export function CopyIt({ value }: { value: string }) {
  const { t } = useTranslation();
  return (
    <CopyButton value={value}>
      {({ copied, copy }) => (
        <Button size="compact-xs" variant="subtle" leftSection={<Copy size={12} aria-hidden />} onClick={copy}>
          {t(copied ? 'do.copied' : 'do.copy')}
        </Button>
      )}
    </CopyButton>
  );
}
