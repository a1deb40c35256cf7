import { Button, Group, Modal, Stack, TextInput } from '@mantine/core';
import { useState, type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { api, Problem } from '../api/client';
import { queries } from '../app/queries';
import { told } from '../parts/say';
import c from './accounts.module.css';

const FIELDS = ['name', 'domain', 'vat', 'city', 'country', 'segment'] as const;

export function NewAccount({ onClose, onMade }: { onClose: () => void; onMade: (id: string) => void }) {
  const { t } = useTranslation();
  const [refusal, setRefusal] = useState<{ field?: string; text: string } | null>(null);
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const values = Object.fromEntries(
      [...new FormData(event.currentTarget)]
        .map(([name, value]) => [name, String(value).trim()])
        .filter(([, value]) => value),
    );
    if (values.country) values.country = values.country.toUpperCase();
    try {
      const account = await api.post('/accounts', values);
      void queries.invalidateQueries({ queryKey: ['accounts'] });
      onClose();
      onMade(account.id);
    } catch (fault) {
      setRefusal({ field: fault instanceof Problem ? fault.field : undefined, text: told(fault) });
    }
  };
  return (
    <Modal
      opened
      onClose={onClose}
      title={t('accounts.new')}
      closeButtonProps={{ 'aria-label': t('do.close') }}
    >
      <form onSubmit={(event) => void submit(event)}>
        <Stack gap="sm">
          {FIELDS.map((field) => (
            <TextInput
              key={field}
              name={field}
              label={t(`field.${field}`)}
              required={field === 'name'}
              withAsterisk={false}
              maxLength={field === 'country' ? 2 : 200}
              description={field === 'country' ? t('accounts.country_hint') : undefined}
              data-autofocus={field === 'name' || undefined}
              error={refusal?.field === field && refusal.text}
            />
          ))}
          {refusal && !(FIELDS as readonly string[]).includes(refusal.field ?? '') && (
            <p role="alert" className={c.refusal}>
              {refusal.text}
            </p>
          )}
          <p className={c.lead}>{t('accounts.private')}</p>
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={onClose}>
              {t('do.cancel')}
            </Button>
            <Button type="submit">{t('accounts.create')}</Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
