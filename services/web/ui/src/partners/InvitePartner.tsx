import { Button, Group, Modal, Stack, Textarea, TextInput } from '@mantine/core';
import { Hash } from 'lucide-react';
import { useState, type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { api, Problem } from '../api/client';
import { queries } from '../app/queries';
import { say, told } from '../parts/say';
import c from './partners.module.css';

/** By domain; says before it is sent what the other side will see at the start: only counts. */
export function InvitePartner({ onClose, onMade }: { onClose: () => void; onMade: (id: string) => void }) {
  const { t } = useTranslation();
  const [refusal, setRefusal] = useState<{ field?: string; text: string } | null>(null);
  const [busy, setBusy] = useState(false);
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const values = Object.fromEntries(
      [...new FormData(event.currentTarget)]
        .map(([name, value]) => [name, String(value).trim()])
        .filter(([, value]) => value),
    );
    setBusy(true);
    try {
      const made = await api.post('/partnerships', values);
      await queries.invalidateQueries({ queryKey: ['partnerships'] });
      say.done(t('partners.invited', { domain: made.partner.domain }));
      onMade(made.id);
    } catch (fault) {
      setRefusal({ field: fault instanceof Problem ? fault.field : undefined, text: told(fault) });
      setBusy(false);
    }
  };
  return (
    <Modal
      opened
      onClose={onClose}
      title={t('partners.invite')}
      closeButtonProps={{ 'aria-label': t('do.close') }}
    >
      <form onSubmit={(event) => void submit(event)}>
        <Stack gap="sm">
          <TextInput
            name="domain"
            label={t('partners.domain')}
            description={t('partners.domain_hint')}
            placeholder="partner.example"
            required
            withAsterisk={false}
            data-autofocus
            error={refusal?.field === 'domain' && refusal.text}
          />
          <TextInput
            name="email"
            type="email"
            label={t('partners.email')}
            error={refusal?.field === 'email' && refusal.text}
          />
          <Textarea name="message" label={t('partners.message')} autosize minRows={2} maxLength={1000} />
          <div className={c.counts}>
            <Hash size={16} aria-hidden />
            <div>
              <b>{t('partners.counts')}</b>
              <p>{t('partners.counts_lead')}</p>
            </div>
          </div>
          {refusal && !['domain', 'email'].includes(refusal.field ?? '') && (
            <p role="alert" className={c.refusal}>
              {refusal.text}
            </p>
          )}
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={onClose}>
              {t('do.cancel')}
            </Button>
            <Button type="submit" loading={busy}>
              {t('partners.send')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
