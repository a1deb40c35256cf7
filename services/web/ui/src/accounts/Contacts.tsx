import { ActionIcon, Button, Group, Stack, TextInput } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { Plus, X } from 'lucide-react';
import type { FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '../api/client';
import type { Contact } from '../api/types';
import { queries, useCan } from '../app/queries';
import { Face } from '../parts/Face';
import { say } from '../parts/say';
import c from './accounts.module.css';

/** The people at an account. */
export function Contacts({ account }: { account: string }) {
  const { t } = useTranslation();
  const [adding, add] = useDisclosure();
  const canEdit = useCan()('contact.edit');
  const key = ['contacts', account];
  const contacts = useQuery({
    queryKey: key,
    queryFn: () => api.read(`/accounts/${account}/contacts`),
  });
  const fresh = () => queries.invalidateQueries({ queryKey: key });
  const create = (values: Record<string, unknown>) => api.post(`/accounts/${account}/contacts`, values);
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const values = Object.fromEntries([...new FormData(event.currentTarget)].filter(([, value]) => value));
    try {
      await create(values);
      await fresh();
      add.close();
    } catch (fault) {
      say.problem(fault);
    }
  };
  const remove = async (contact: Contact) => {
    try {
      await api.drop(`/contacts/${contact.id}`);
      await fresh();
      const { id: _id, revision: _revision, ...values } = contact;
      const kept = Object.fromEntries(Object.entries(values).filter(([, value]) => value));
      say.done(t('contacts.removed', { name: contact.name }), {
        label: t('do.undo'),
        act: () => void create(kept).then(fresh, say.problem),
      });
    } catch (fault) {
      say.problem(fault);
    }
  };
  return (
    <section className={c.block}>
      <header>
        <h3>{t('contacts.title')}</h3>
        {canEdit && (
          <Button
            size="compact-sm"
            variant="subtle"
            leftSection={<Plus size={13} aria-hidden />}
            onClick={add.toggle}
            aria-expanded={adding}
          >
            {t('contacts.add')}
          </Button>
        )}
      </header>
      {adding && (
        <form onSubmit={(event) => void submit(event)} className={c.form}>
          <Stack gap="xs">
            <Group grow gap="xs">
              <TextInput
                name="name"
                label={t('field.name')}
                required
                withAsterisk={false}
                autoFocus
                maxLength={200}
              />
              <TextInput name="title" label={t('field.job')} maxLength={200} />
            </Group>
            <Group grow gap="xs">
              <TextInput name="email" type="email" label={t('field.email')} />
              <TextInput name="phone" type="tel" label={t('field.phone')} maxLength={60} />
            </Group>
            <Group justify="flex-end" gap="xs">
              <Button variant="default" onClick={add.close}>
                {t('do.cancel')}
              </Button>
              <Button type="submit">{t('do.add')}</Button>
            </Group>
          </Stack>
        </form>
      )}
      {contacts.data?.items.length === 0 && !adding && <p className={c.lead}>{t('contacts.none')}</p>}
      <ul>
        {contacts.data?.items.map((contact) => (
          <li key={contact.id}>
            <Face name={contact.name} size={26} />
            <div>
              <b>{contact.name}</b>
              <small>{[contact.title, contact.email, contact.phone].filter(Boolean).join(' · ')}</small>
            </div>
            {canEdit && (
              <ActionIcon
                size={26}
                aria-label={t('contacts.remove', { name: contact.name })}
                onClick={() => void remove(contact)}
              >
                <X size={14} />
              </ActionIcon>
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}
