import { Button, Group, NativeSelect, Textarea } from '@mantine/core';
import { useState, type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { LEAD_REASONS, type LeadMove, type LeadReason } from '../api/types';
import { Section } from '../parts/Page';
import { told } from '../parts/say';
import c from './leads.module.css';

interface StepProps {
  move: LeadMove;
  partners?: { value: string; label: string }[];
  send: (said: { reason?: LeadReason; words?: string; partner?: string }) => Promise<void>;
  onClose: () => void;
}

const REASONED: LeadMove[] = ['disqualify', 'decline', 'return'];

/** What a move asks for before it is made: why, to whom, and in words. */
export function Step({ move, partners, send, onClose }: StepProps) {
  const { t } = useTranslation();
  const [partner, setPartner] = useState(partners?.[0]?.value ?? '');
  const [reason, setReason] = useState<LeadReason | ''>('');
  const [words, setWords] = useState('');
  const [refusal, setRefusal] = useState('');
  const [busy, setBusy] = useState(false);
  const reasoned = REASONED.includes(move);
  const whole = (!reasoned || reason !== '') && (reason !== 'other' || words.trim() !== '') && (!partners || !!partner);
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    try {
      await send({ reason: reason || undefined, words: words.trim() || undefined, partner });
      onClose();
    } catch (fault) {
      setRefusal(told(fault));
      setBusy(false);
    }
  };
  return (
    <Section title={t(`lead.do.${move}`)}>
      <form className={c.step} onSubmit={(event) => void submit(event)}>
        {partners && (
          <NativeSelect
            label={t('lead.partner')}
            value={partner}
            onChange={(event) => setPartner(event.currentTarget.value)}
            data={partners}
          />
        )}
        {reasoned && (
          <NativeSelect
            label={t('lead.reason')}
            value={reason}
            onChange={(event) => setReason(event.currentTarget.value as LeadReason)}
            data={[
              { value: '', label: '–' },
              ...LEAD_REASONS.map((value) => ({ value, label: t(`lead.reason.${value}`) })),
            ]}
          />
        )}
        <Textarea
          label={t('lead.words')}
          value={words}
          onChange={(event) => setWords(event.currentTarget.value)}
          autosize
          minRows={2}
          maxLength={2000}
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
          <Button type="submit" loading={busy} disabled={!whole} color={reasoned ? 'red' : undefined}>
            {t(`lead.do.${move}`)}
          </Button>
        </Group>
      </form>
    </Section>
  );
}
