import { ActionIcon, Button, Group, Modal, Select, Stack, Textarea, TextInput } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { Mail, Plus, X } from 'lucide-react';
import { useState, type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '../api/client';
import type { Guest, Room } from '../api/types';
import { useFormat } from '../app/format';
import { queries } from '../app/queries';
import { Face } from '../parts/Face';
import { say, told } from '../parts/say';
import { Tag, type Tone } from '../parts/Tag';
import c from './room.module.css';

export const TONES: Record<Guest['state'], Tone> = {
  added: 'wait',
  active: 'ok',
  removed: 'plain',
  bounced: 'problem',
};
const fresh = (deal: string) => queries.invalidateQueries({ queryKey: ['deal', deal] });

/** The outside people of a topic and the last mail to each. */
export function Guests({ room, canWrite }: { room: Room; canWrite: boolean }) {
  const { t } = useTranslation();
  const f = useFormat();
  const [adding, { open, close }] = useDisclosure();
  const remove = async (guest: Guest) => {
    try {
      await api.drop(`/rooms/${room.id}/guests/${guest.id}`);
      await fresh(room.deal);
      say.done(t('guest.removed', { name: guest.name }));
    } catch (fault) {
      say.problem(fault);
    }
  };
  return (
    <div className={c.guests}>
      {(room.guests ?? [])
        .filter((guest) => guest.state !== 'removed')
        .map((guest) => (
          <div key={guest.id} className={c.guest}>
            <Face name={guest.name} kind="outside" size={24} />
            <div>
              <b>{guest.name}</b> <span>{guest.email}</span>
              <small>
                {t('guest.sponsor', { name: guest.sponsor.name })}
                {guest.last_mail && (
                  <>
                    {' · '}
                    <Mail size={11} aria-hidden /> {t(`mail.${guest.last_mail.state}`)}{' '}
                    {f.ago(guest.last_mail.at)}
                  </>
                )}
              </small>
            </div>
            <Tag tone={TONES[guest.state]}>{t(`guest.${guest.state}`)}</Tag>
            {canWrite && (
              <ActionIcon
                size={24}
                aria-label={t('guest.remove', { name: guest.name })}
                onClick={() => void remove(guest)}
              >
                <X size={14} />
              </ActionIcon>
            )}
          </div>
        ))}
      {canWrite && (
        <Button
          size="compact-sm"
          variant="subtle"
          leftSection={<Plus size={13} aria-hidden />}
          onClick={open}
        >
          {t('guest.add')}
        </Button>
      )}
      {adding && (
        <AddGuest
          title={t('guest.add')}
          onClose={close}
          onSend={(guest) => api.post(`/rooms/${room.id}/guests`, guest).then(() => fresh(room.deal))}
        />
      )}
    </div>
  );
}

/** A new topic and the outside person whom it is for. */
export function NewTopic({
  deal,
  onClose,
  onMade,
}: {
  deal: string;
  onClose: () => void;
  onMade: (room: { id: string }) => void;
}) {
  const { t } = useTranslation();
  const make = async (guest: { email: string; name: string }, title: string, message: string) => {
    const room = await api.post(`/deals/${deal}/topics`, {
      title,
      guest,
      ...(message ? { message } : {}),
    });
    await fresh(deal);
    onMade(room);
  };
  return <AddGuest title={t('topic.new')} topic onClose={onClose} onSend={make} />;
}

interface AddGuestProps {
  title: string;
  topic?: boolean;
  /** The topics to choose from; the chosen one takes the place of the title. */
  rooms?: { value: string; label: string }[];
  onClose: () => void;
  onSend: (guest: { email: string; name: string }, title: string, message: string) => Promise<unknown>;
}

/** Asks for somebody outside, and for the topic where that is open. */
export function AddGuest({ title, topic, rooms, onClose, onSend }: AddGuestProps) {
  const { t } = useTranslation();
  const [refusal, setRefusal] = useState('');
  const [busy, setBusy] = useState(false);
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const text = (name: string) => String(form.get(name) ?? '').trim();
    setBusy(true);
    try {
      await onSend({ email: text('email'), name: text('name') }, text('title'), text('message'));
      onClose();
    } catch (fault) {
      setRefusal(told(fault));
      setBusy(false);
    }
  };
  return (
    <Modal opened onClose={onClose} title={title} closeButtonProps={{ 'aria-label': t('do.close') }}>
      <form onSubmit={(event) => void submit(event)}>
        <Stack gap="sm">
          <p className={c.note}>{t('guest.lead')}</p>
          {topic && (
            <TextInput
              name="title"
              label={t('topic.title')}
              required
              withAsterisk={false}
              maxLength={200}
              data-autofocus
            />
          )}
          {rooms && (
            <Select
              name="title"
              label={t('guest.topic')}
              data={rooms}
              defaultValue={rooms[0]?.value}
              allowDeselect={false}
              searchable
              data-autofocus
            />
          )}
          <Group grow>
            <TextInput name="name" label={t('guest.name')} required withAsterisk={false} maxLength={200} />
            <TextInput name="email" type="email" label={t('field.email')} required withAsterisk={false} />
          </Group>
          {topic && (
            <Textarea name="message" label={t('topic.message')} autosize minRows={3} maxLength={16_000} />
          )}
          {refusal && (
            <p role="alert" className={c.refusal}>
              {refusal}
            </p>
          )}
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={onClose}>
              {t('do.cancel')}
            </Button>
            <Button type="submit" loading={busy}>
              {t('guest.send')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
