import { Button, Group, Modal, Stack, Textarea } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '../api/client';
import type { Mapping, MappingCell } from '../api/types';
import { queries } from '../app/queries';
import { say, told } from '../parts/say';
import c from './mapping.module.css';

export function AskForNames({
  mapping,
  cell,
  onClose,
}: {
  mapping: Mapping;
  cell: MappingCell;
  onClose: () => void;
}) {
  const { t } = useTranslation();
  const [message, setMessage] = useState('');
  const [refusal, setRefusal] = useState('');
  const name = mapping.partner.name;
  const send = async () => {
    try {
      const { yours, theirs } = cell;
      const now = await api.post(`/mappings/${mapping.partnership}/asks`, { yours, theirs, message });
      queries.setQueryData(['mapping', mapping.partnership], now);
      say.done(t('mapping.asked', { name }));
      onClose();
    } catch (fault) {
      setRefusal(told(fault));
    }
  };
  return (
    <Modal
      opened
      onClose={onClose}
      title={t('mapping.ask_title', { name })}
      closeButtonProps={{ 'aria-label': t('do.close') }}
    >
      <Stack gap="md">
        <p className={c.hint}>{t('mapping.ask_lead', { name })}</p>
        <Textarea
          label={t('mapping.message')}
          value={message}
          onChange={(event) => setMessage(event.currentTarget.value)}
          autosize
          minRows={3}
          maxLength={1000}
          data-autofocus
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
          <Button onClick={() => void send()}>{t('mapping.ask_send')}</Button>
        </Group>
      </Stack>
    </Modal>
  );
}
