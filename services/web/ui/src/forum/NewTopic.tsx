import { Autocomplete, Button, Group, Modal, Stack, Textarea, TextInput } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { useState, type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '../api/client';
import { queries } from '../app/queries';
import { told } from '../parts/say';
import c from './forum.module.css';

/** A new topic among those who take part; out of a thread it names where it comes from. */
export function NewTopic({
  deal,
  thread,
  categories = [],
  onClose,
}: {
  deal: string;
  thread?: number;
  categories?: string[];
  onClose: () => void;
}) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const [refusal, setRefusal] = useState('');
  const [busy, setBusy] = useState(false);
  const [category, setCategory] = useState('');
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const text = (name: string) => String(form.get(name) ?? '').trim();
    setBusy(true);
    try {
      const message = text('message') || undefined;
      const room = await api.post(`/deals/${deal}/topics`, { title: text('title'), category, message, thread });
      void queries.invalidateQueries({ queryKey: ['topics', deal] });
      void queries.invalidateQueries({ queryKey: ['deal', deal] });
      onClose();
      await navigate({ to: '/deals/$deal/topics/$room', params: { deal, room: room.id } });
    } catch (fault) {
      setRefusal(told(fault));
      setBusy(false);
    }
  };
  return (
    <Modal opened onClose={onClose} title={t('forum.new')} closeButtonProps={{ 'aria-label': t('do.close') }}>
      <form onSubmit={(event) => void submit(event)}>
        <Stack gap="sm">
          <p className={c.note}>{t(thread ? 'forum.from_thread_lead' : 'forum.new_lead')}</p>
          <TextInput
            name="title"
            label={t('topic.title')}
            required
            withAsterisk={false}
            maxLength={200}
            data-autofocus
          />
          <Autocomplete
            label={t('forum.category')}
            description={t('forum.category_hint')}
            data={categories}
            value={category}
            onChange={setCategory}
            maxLength={40}
          />
          <Textarea name="message" label={t('topic.message')} autosize minRows={4} maxLength={8_000} />
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
              {t('forum.open')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
