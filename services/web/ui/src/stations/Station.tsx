import { Button, CopyButton, FileInput, Group, Modal, PasswordInput, Stack } from '@mantine/core';
import { Copy, FileUp, KeyRound } from 'lucide-react';
import { useState, type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { api, Problem } from '../api/client';
import type { As2Station } from '../api/types';
import { queries, useCan } from '../app/queries';
import { Editable } from '../parts/Editable';
import { Section } from '../parts/Page';
import { say } from '../parts/say';
import { CertificateFacts } from './CertificateFacts';
import { base64 } from './ours';
import c from './stations.module.css';

const set = (station: As2Station) => queries.setQueryData(['as2', 'station'], station);

/** One's own station: what partners are told of it, and its keys. */
export function Station({ station }: { station: As2Station }) {
  const { t } = useTranslation();
  const can = useCan();
  const [bringing, setBringing] = useState(false);
  const roll = async () => {
    try {
      set(await api.post('/as2/station/keys'));
      say.done(t('as2.rolled'));
    } catch (fault) {
      say.problem(fault);
    }
  };
  return (
    <div className={c.own}>
      <Section title={t('as2.tell')}>
        <p className={c.lead}>{t('as2.tell_text')}</p>
        <Editable
          label={t('as2.name')}
          value={station.name ?? ''}
          locked={!can('as2.manage')}
          onSave={async (name) => set(await api.put('/as2/station', { name }))}
        />
        <dl className={c.facts}>
          <dt>{t('as2.url')}</dt>
          <dd>
            <code>{station.url}</code>{' '}
            <CopyButton value={station.url}>
              {({ copied, copy }) => (
                <Button
                  size="compact-xs"
                  variant="subtle"
                  leftSection={<Copy size={12} aria-hidden />}
                  onClick={copy}
                >
                  {t(copied ? 'do.copied' : 'do.copy')}
                </Button>
              )}
            </CopyButton>
          </dd>
        </dl>
      </Section>
      <Section
        title={t('as2.keys')}
        aside={
          can('as2.manage') && (
            <Group gap={6}>
              <Button
                size="compact-xs"
                variant="default"
                leftSection={<FileUp size={12} aria-hidden />}
                onClick={() => setBringing(true)}
              >
                {t('as2.bring_key')}
              </Button>
              <Button
                size="compact-xs"
                variant="default"
                leftSection={<KeyRound size={12} aria-hidden />}
                onClick={() => void roll()}
              >
                {t('as2.new_key')}
              </Button>
            </Group>
          )
        }
      >
        <p className={c.lead}>{t('as2.keys_text')}</p>
        {station.keys.map((key, place) => (
          <CertificateFacts
            key={key.id}
            certificate={key.certificate}
            use={t(place === 0 ? 'as2.signs' : 'as2.decrypts')}
          />
        ))}
      </Section>
      {bringing && <BringKey onClose={() => setBringing(false)} />}
    </div>
  );
}

function BringKey({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const [file, setFile] = useState<File | null>(null);
  const [password, setPassword] = useState('');
  const [problem, setProblem] = useState('');
  const bring = async (event: FormEvent) => {
    event.preventDefault();
    if (!file) return;
    try {
      set(await api.post('/as2/station/keys/import', { file: await base64(file), password }));
      say.done(t('as2.rolled'));
      onClose();
    } catch (fault) {
      setProblem(fault instanceof Problem ? fault.detail : String(fault));
    }
  };
  return (
    <Modal
      opened
      onClose={onClose}
      title={t('as2.bring_key')}
      closeButtonProps={{ 'aria-label': t('do.close') }}
    >
      <form onSubmit={(event) => void bring(event)}>
        <Stack gap="sm">
          <FileInput
            required
            clearable
            label={t('as2.key_file')}
            description={t('as2.key_file_text')}
            accept=".pfx,.p12,.pem"
            value={file}
            error={problem}
            onChange={setFile}
          />
          <PasswordInput
            label={t('as2.key_password')}
            autoComplete="off"
            value={password}
            onChange={(event) => setPassword(event.currentTarget.value)}
          />
          <Group justify="flex-end">
            <Button type="submit" disabled={!file}>
              {t('as2.bring_key')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
