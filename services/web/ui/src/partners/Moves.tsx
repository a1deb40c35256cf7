import { Button, Group, Modal, Textarea, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '../api/client';
import type { Partnership, PartnershipMove } from '../api/types';
import { queries } from '../app/queries';
import { say, told } from '../parts/say';
import c from './partners.module.css';

/** What cannot be taken back with one click asks first and says what happens. */
const ASKS: PartnershipMove[] = ['decline', 'suspend', 'give_notice', 'end_now'];
const GRAVE: PartnershipMove[] = ['decline', 'end_now'];
/** From the mildest to the gravest; the answer that is asked for stands last. */
const ORDER: PartnershipMove[] = [
  'decline',
  'cancel',
  'resume',
  'suspend',
  'give_notice',
  'end_now',
  'accept',
];
const NOTICE_DAYS = 30;

/** The moves that this side may make now. */
export function Moves({ partnership, stacked }: { partnership: Partnership; stacked?: boolean }) {
  const { t } = useTranslation();
  const [asked, setAsked] = useState<PartnershipMove | null>(null);
  const make = async (move: PartnershipMove, more: Record<string, unknown> = {}) => {
    const next = await api.post(`/partnerships/${partnership.id}/moves`, {
      move,
      revision: partnership.revision,
      ...more,
    });
    for (const key of ['partnerships', 'board', 'accounts', 'deals'])
      void queries.invalidateQueries({ queryKey: [key] });
    const undo =
      move === 'suspend' && next.moves.includes('resume')
        ? {
            label: t('do.undo'),
            act: () =>
              void api
                .post(`/partnerships/${next.id}/moves`, { move: 'resume', revision: next.revision })
                .then(() => queries.invalidateQueries({ queryKey: ['partnerships'] }), say.problem),
          }
        : undefined;
    say.done(t(`partners.done.${move}`, { name: partnership.partner.name }), undo);
    setAsked(null);
  };
  const start = (move: PartnershipMove) =>
    ASKS.includes(move) ? setAsked(move) : void make(move).catch(say.problem);
  const variant = (move: PartnershipMove) => (move === 'accept' || move === 'resume' ? 'filled' : 'default');
  if (partnership.moves.length === 0) return null;
  return (
    <div className={c.moves} data-stacked={stacked || undefined}>
      {ORDER.filter((move) => partnership.moves.includes(move)).map((move) => (
        <Button
          key={move}
          variant={variant(move)}
          c={GRAVE.includes(move) ? 'var(--problem)' : undefined}
          onClick={() => start(move)}
        >
          {t(`partners.do.${move}`)}
        </Button>
      ))}
      {asked && <Sure move={asked} partnership={partnership} onClose={() => setAsked(null)} onMake={make} />}
    </div>
  );
}

interface SureProps {
  move: PartnershipMove;
  partnership: Partnership;
  onClose: () => void;
  onMake: (move: PartnershipMove, more: Record<string, unknown>) => Promise<void>;
}

function Sure({ move, partnership, onClose, onMake }: SureProps) {
  const { t } = useTranslation();
  const [reason, setReason] = useState('');
  const [until, setUntil] = useState(() =>
    new Date(Date.now() + NOTICE_DAYS * 86_400_000).toISOString().slice(0, 10),
  );
  const [refusal, setRefusal] = useState('');
  const [busy, setBusy] = useState(false);
  const go = async () => {
    setBusy(true);
    try {
      await onMake(move, {
        ...(reason.trim() ? { reason: reason.trim() } : {}),
        ...(move === 'give_notice' ? { ends_at: `${until}T00:00:00Z` } : {}),
      });
    } catch (fault) {
      setRefusal(told(fault));
      setBusy(false);
    }
  };
  return (
    <Modal
      opened
      onClose={onClose}
      title={t(`partners.sure_title.${move}`, { name: partnership.partner.name })}
      closeButtonProps={{ 'aria-label': t('do.close') }}
    >
      <p className={c.consequence}>
        {t(`partners.sure.${move}`, { name: partnership.partner.name, count: partnership.shared_spaces })}
      </p>
      {move === 'give_notice' && (
        <TextInput
          type="date"
          label={t('partners.ends')}
          value={until}
          min={new Date().toISOString().slice(0, 10)}
          onChange={(event) => setUntil(event.currentTarget.value)}
          mb="sm"
        />
      )}
      <Textarea
        label={t('partners.reason_optional')}
        value={reason}
        onChange={(event) => setReason(event.currentTarget.value)}
        autosize
        minRows={2}
        maxLength={500}
      />
      {refusal && (
        <p role="alert" className={c.refusal}>
          {refusal}
        </p>
      )}
      <Group justify="flex-end" gap="xs" mt="md">
        <Button variant="default" onClick={onClose}>
          {t('do.cancel')}
        </Button>
        <Button color={GRAVE.includes(move) ? 'red' : undefined} loading={busy} onClick={() => void go()}>
          {t(`partners.do.${move}`)}
        </Button>
      </Group>
    </Modal>
  );
}
