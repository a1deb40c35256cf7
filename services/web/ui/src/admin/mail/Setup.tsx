import { Button, CopyButton, Group, Stack } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '../../api/client';
import type { DnsRecord, MailTest } from '../../api/types';
import { useFormat } from '../../app/format';
import { queries } from '../../app/queries';
import { Failed, Waiting } from '../../parts/Page';
import { say } from '../../parts/say';
import { Tag, type Tone } from '../../parts/Tag';
import c from './setup.module.css';

const CHECKS = ['spf', 'dkim', 'dmarc'] as const;
const VERDICTS: Record<string, Tone> = { pass: 'ok', fail: 'problem', none: 'plain', unknown: 'plain' };
const STATES: Record<DnsRecord['state'], Tone> = {
  right: 'ok',
  missing: 'problem',
  other: 'wait',
  unknown: 'plain',
  unasked: 'plain',
};
const KEY = ['mail', 'setup'];

/** What the DNS must say, beside what it says; and a mail there and back. */
export function Setup() {
  const { t } = useTranslation();
  const asked = useQuery({
    queryKey: KEY,
    queryFn: ({ signal }) => api.read('/mail/setup', undefined, signal),
    // An answer is on its way: look again now and then.
    refetchInterval: (query) => (query.state.data?.test && !query.state.data.test.answered_at ? 10_000 : false),
  });
  if (asked.isError) return <Failed fault={asked.error} retry={() => void asked.refetch()} />;
  if (!asked.data) return <Waiting />;
  const setup = asked.data;
  return (
    <Stack gap="xl">
      <section className={c.part}>
        <h2>{t('mail.setup.dns', { domain: setup.domain })}</h2>
        <p>{t(setup.asks_dns ? 'mail.setup.dns_lead' : 'mail.setup.dns_off')}</p>
        <ul className={c.records}>
          {setup.records.map((record) => (
            <Published key={record.kind} record={record} />
          ))}
        </ul>
        <Group>
          <Button variant="default" size="xs" loading={asked.isFetching} onClick={() => void asked.refetch()}>
            {t('mail.setup.again')}
          </Button>
        </Group>
      </section>
      <Trial test={setup.test ?? undefined} sends={setup.sends} />
    </Stack>
  );
}

function Published({ record }: { record: DnsRecord }) {
  const { t } = useTranslation();
  return (
    <li>
      <header>
        <b>{record.kind.toUpperCase()}</b>
        <Tag tone={STATES[record.state]}>{t(`mail.dns.${record.state}`)}</Tag>
      </header>
      <p>{t(`mail.setup.${record.kind}`)}</p>
      <div className={c.line}>
        <code>{record.name}</code>
        <code>
          {record.kind === 'mx' ? 'MX' : 'TXT'} {record.wanted}
        </code>
        <CopyButton value={record.wanted}>
          {({ copied, copy }) => (
            <Button size="compact-xs" variant="subtle" onClick={copy}>
              {t(copied ? 'do.copied' : 'mail.setup.copy')}
            </Button>
          )}
        </CopyButton>
      </div>
      {record.state !== 'right' && record.found.length > 0 && (
        <p>
          {t('mail.setup.found')} <code>{record.found.join(' · ')}</code>
        </p>
      )}
    </li>
  );
}

function Trial({ test, sends }: { test?: MailTest; sends: boolean }) {
  const { t } = useTranslation();
  const f = useFormat();
  const [busy, setBusy] = useState(false);
  const send = async () => {
    setBusy(true);
    try {
      await api.post('/mail/test');
      await queries.invalidateQueries({ queryKey: KEY });
      say.done(t('mail.setup.sent'));
    } catch (fault) {
      say.problem(fault);
    } finally {
      setBusy(false);
    }
  };
  return (
    <section className={c.part}>
      <h2>{t('mail.setup.test')}</h2>
      <p>{t(sends ? 'mail.setup.test_lead' : 'mail.setup.no_relay')}</p>
      <Group>
        <Button size="xs" loading={busy} onClick={() => void send()}>
          {t('mail.setup.send')}
        </Button>
      </Group>
      {test && (
        <dl className={c.steps}>
          <dt>{t('mail.setup.out')}</dt>
          <dd>
            <Tag tone={test.state === 'sent' ? 'ok' : test.state === 'failed' ? 'problem' : 'wait'}>
              {t(`mail.${test.state}`)}
            </Tag>{' '}
            {test.to} · {f.ago(test.at)}
            {test.error && <p>{test.error}</p>}
          </dd>
          <dt>{t('mail.setup.back')}</dt>
          <dd>
            {test.answered_at ? (
              <>
                <Tag tone="ok">{t('mail.setup.arrived')}</Tag> {f.ago(test.answered_at)}
                <Group gap={6} mt={6}>
                  {CHECKS.map((check) => (
                    <Tag key={check} tone={VERDICTS[test.checks[check]]}>
                      {check.toUpperCase()} {t(`mail.verdict.${test.checks[check]}`)}
                    </Tag>
                  ))}
                </Group>
              </>
            ) : (
              <Tag tone="wait">{t('mail.setup.waiting')}</Tag>
            )}
          </dd>
        </dl>
      )}
    </section>
  );
}
