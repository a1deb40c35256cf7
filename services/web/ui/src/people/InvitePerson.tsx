import { Button, CopyButton, Group, Modal, NativeSelect, Stack, TextInput } from '@mantine/core';
import { Copy } from 'lucide-react';
import { useState, type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '../api/client';
import { ROLES, type Invitation, type Role } from '../api/types';
import { queries } from '../app/queries';
import { told } from '../parts/say';
import c from './people.module.css';

export function InvitePerson({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const [made, setMade] = useState<Invitation | null>(null);
  const [refusal, setRefusal] = useState('');
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    try {
      const invitation = await api.post('/invitations', {
        email: String(form.get('email')),
        role: form.get('role') as Role,
      });
      await queries.invalidateQueries({ queryKey: ['invitations'] });
      setMade(invitation);
    } catch (fault) {
      setRefusal(told(fault));
    }
  };
  return (
    <Modal
      opened
      onClose={onClose}
      title={t('people.invite')}
      closeButtonProps={{ 'aria-label': t('do.close') }}
    >
      {made ? (
        <Stack gap="sm">
          <p className={c.note}>{t(made.link ? 'people.link' : 'people.sent', { email: made.email })}</p>
          {made.link && (
            <Group gap="xs" wrap="nowrap">
              <TextInput
                flex={1}
                readOnly
                value={made.link}
                aria-label={t('people.link_label')}
                onFocus={(event) => event.currentTarget.select()}
              />
              <CopyButton value={made.link}>
                {({ copied, copy }) => (
                  <Button variant="default" leftSection={<Copy size={14} aria-hidden />} onClick={copy}>
                    {t(copied ? 'do.copied' : 'do.copy')}
                  </Button>
                )}
              </CopyButton>
            </Group>
          )}
          <Group justify="flex-end">
            <Button onClick={onClose}>{t('do.close')}</Button>
          </Group>
        </Stack>
      ) : (
        <form onSubmit={(event) => void submit(event)}>
          <Stack gap="sm">
            <TextInput
              name="email"
              type="email"
              label={t('field.email')}
              required
              withAsterisk={false}
              data-autofocus
            />
            <NativeSelect
              name="role"
              label={t('field.role')}
              defaultValue="seller"
              data={ROLES.map((role) => ({ value: role, label: t(`role.${role}`) }))}
            />
            {refusal && (
              <p role="alert" className={c.refusal}>
                {refusal}
              </p>
            )}
            <Group justify="flex-end" gap="xs">
              <Button variant="default" onClick={onClose}>
                {t('do.cancel')}
              </Button>
              <Button type="submit">{t('people.send')}</Button>
            </Group>
          </Stack>
        </form>
      )}
    </Modal>
  );
}
