import { Button } from '@mantine/core';
import { CircleAlert, CircleCheck, Send } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { TrialResult } from '../api/types';
import { say } from '../parts/say';
import c from './stations.module.css';

type Words = 'as2' | 'sftp' | 'mailing';
const stepOf = (words: Words, step: string) =>
  words === 'as2' ? `as2.step.${step}` : words === 'sftp' ? `sftp.step.${step}` : `mailing.step.${step}`;

/** A try of the connection, now, and each step of it. */
export function Trial({ run, words }: { run: () => Promise<TrialResult>; words: Words }) {
  const { t } = useTranslation();
  const [busy, setBusy] = useState(false);
  const [told, setTold] = useState<TrialResult>();
  const send = async () => {
    setBusy(true);
    setTold(undefined);
    try {
      setTold(await run());
    } catch (fault) {
      say.problem(fault);
    }
    setBusy(false);
  };
  return (
    <div className={c.trial}>
      <Button
        size="xs"
        variant="light"
        loading={busy}
        leftSection={<Send size={13} aria-hidden />}
        onClick={() => void send()}
      >
        {t(words === 'as2' ? 'as2.test' : words === 'sftp' ? 'sftp.test' : 'mailing.test')}
      </Button>
      <ol aria-live="polite">
        {told?.steps.map((one) => (
          <li key={one.step} data-ok={one.ok}>
            {one.ok ? (
              <CircleCheck size={14} aria-label={t('as2.yes')} />
            ) : (
              <CircleAlert size={14} aria-label={t('as2.no')} />
            )}
            <div>
              <b>{t(stepOf(words, one.step))}</b>
              <small>{one.detail}</small>
            </div>
          </li>
        ))}
      </ol>
      {told && <p role="status">{t(told.ok ? 'as2.test_ok' : 'as2.test_failed')}</p>}
    </div>
  );
}
