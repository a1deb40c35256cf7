import { Button, Group, Modal, Stack, TextInput } from '@mantine/core';
import { useState, type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { api, Problem } from '../api/client';
import type { Deed } from '../api/types';
import { useFormat } from '../app/format';
import { queries } from '../app/queries';
import { Section } from '../parts/Page';
import { say } from '../parts/say';
import c from './mending.module.css';

/** What people did to an interchange by hand, with the bytes before. */
export function Deeds({ id, deeds }: { id: string; deeds: Deed[] }) {
  const { t } = useTranslation();
  const f = useFormat();
  return (
    <Section title={t('edi.deeds')}>
      <ul className={c.deeds}>
        {deeds.map((deed) => (
          <li key={deed.number}>
            {t(`edi.deed.${deed.kind}`, { name: deed.person ?? deed.organisation })}
            {deed.reason && <>: “{deed.reason}”</>}
            <small>
              {f.precise(deed.at)}
              {deed.kind === 'mend' && (
                <a
                  href={`/api/v1/edi/interchanges/${id}/raw?before=${deed.number}`}
                  download={`${id}-${deed.number}.edi`}
                >
                  {t('edi.deed.before')}
                </a>
              )}
            </small>
          </li>
        ))}
      </ul>
    </Section>
  );
}

/** Asks why an interchange is not to be worked on, and puts it away. */
export function PutAway({ id, sha256, onClose }: { id: string; sha256: string; onClose: () => void }) {
  const { t } = useTranslation();
  const [reason, setReason] = useState('');
  const [problem, setProblem] = useState('');
  const away = async (event: FormEvent) => {
    event.preventDefault();
    try {
      await api.post(`/edi/interchanges/${id}/discard`, { sha256, reason });
      await queries.invalidateQueries({ queryKey: ['interchange', id] });
      void queries.invalidateQueries({ queryKey: ['interchanges'] });
      say.done(t('edi.discarded'));
      onClose();
    } catch (fault) {
      setProblem(fault instanceof Problem ? fault.detail : String(fault));
    }
  };
  return (
    <Modal opened onClose={onClose} title={t('edi.discard')} closeButtonProps={{ 'aria-label': t('do.close') }}>
      <form onSubmit={(event) => void away(event)}>
        <Stack gap="sm">
          <p style={{ margin: 0 }}>{t('edi.discard_text')}</p>
          <TextInput
            data-autofocus
            required
            label={t('edi.mend_reason')}
            maxLength={500}
            value={reason}
            error={problem}
            onChange={(event) => setReason(event.currentTarget.value)}
          />
          <Group justify="flex-end">
            <Button type="submit" disabled={!reason.trim()}>
              {t('edi.discard')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
