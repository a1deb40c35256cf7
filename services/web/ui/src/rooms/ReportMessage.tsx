import { Button, Group, Modal, Textarea } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '../api/client';
import { say } from '../parts/say';
import c from './room.module.css';

/** Says what is wrong with a message, to those who answer for both sides. */
export function ReportMessage({ room, seq, onClose }: { room: string; seq: number; onClose: () => void }) {
  const { t } = useTranslation();
  const [reason, setReason] = useState('');
  const send = async () => {
    try {
      await api.post(`/rooms/${room}/reports`, { target: seq, reason });
      say.done(t('report.sent'));
      onClose();
    } catch (fault) {
      say.problem(fault);
    }
  };
  return (
    <Modal opened onClose={onClose} title={t('report.title')} closeButtonProps={{ 'aria-label': t('do.close') }}>
      <p className={c.note}>{t('report.text')}</p>
      <Textarea
        data-autofocus
        mt="sm"
        autosize
        minRows={3}
        maxLength={1000}
        label={t('report.reason')}
        value={reason}
        onChange={(event) => setReason(event.currentTarget.value)}
      />
      <Group justify="flex-end" mt="md" gap="sm">
        <Button variant="default" onClick={onClose}>
          {t('do.cancel')}
        </Button>
        <Button disabled={!reason.trim()} onClick={() => void send()}>
          {t('report.send')}
        </Button>
      </Group>
    </Modal>
  );
}
