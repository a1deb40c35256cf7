import { Button, Group, Modal, Textarea } from '@mantine/core';
import { useState, type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { api, Problem } from '../api/client';
import type { BoardView, DealSummary, Stage } from '../api/types';
import { queries } from '../app/queries';
import { say } from '../parts/say';
import { needsReason, place } from './stages';

interface Asked {
  deal: DealSummary;
  to: Stage;
  before?: BoardView;
}

/** Moves a deal to another stage: at once on screen, with a reason where the step wants one, with a way back. */
export function useStageMove() {
  const { t } = useTranslation();
  const [asked, setAsked] = useState<Asked | null>(null);

  const roll = (before?: BoardView) => before && queries.setQueryData(['board'], before);
  const send = async ({ deal, to, before }: Asked, reason?: string) => {
    const from = deal.stage!;
    try {
      const moved = await api.post(`/deals/${deal.id}/stage`, {
        stage: to,
        revision: deal.revision,
        ...(reason ? { reason } : {}),
      });
      queries.setQueryData(['deal', deal.id], moved);
      void queries.invalidateQueries({ queryKey: ['board'] });
      void queries.invalidateQueries({ queryKey: ['deals'] });
      const back = moved.next_stages.includes(from) && {
        label: t('do.undo'),
        act: () => void send({ deal: moved, to: from }, t('stage.undone')),
      };
      say.done(t('stage.moved', { title: deal.title ?? '', stage: t(`stage.${to}`) }), back || undefined);
    } catch (fault) {
      if (fault instanceof Problem && fault.slug === 'reason-required' && !reason)
        return setAsked({ deal, to, before });
      roll(before);
      void queries.invalidateQueries({ queryKey: ['board'] });
      void queries.invalidateQueries({ queryKey: ['deal', deal.id] });
      say.problem(fault);
    }
  };
  const move = (deal: DealSummary, to: Stage, index = 0) => {
    if (!deal.stage || deal.stage === to) return;
    const before = queries.getQueryData<BoardView>(['board']);
    if (before) queries.setQueryData(['board'], place(before, deal, to, index));
    if (needsReason(deal.stage, to)) setAsked({ deal, to, before });
    else void send({ deal, to, before });
  };
  const cancel = () => {
    roll(asked?.before);
    setAsked(null);
  };
  const dialog = asked && (
    <ReasonDialog
      asked={asked}
      onCancel={cancel}
      onGive={(reason) => {
        setAsked(null);
        void send(asked, reason);
      }}
    />
  );
  return { move, dialog };
}

function ReasonDialog({
  asked,
  onCancel,
  onGive,
}: {
  asked: Asked;
  onCancel: () => void;
  onGive: (reason: string) => void;
}) {
  const { t } = useTranslation();
  const [reason, setReason] = useState('');
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (reason.trim()) onGive(reason.trim());
  };
  return (
    <Modal
      opened
      onClose={onCancel}
      title={t('stage.reason_title', { stage: t(`stage.${asked.to}`) })}
      closeButtonProps={{ 'aria-label': t('do.close') }}
    >
      <form onSubmit={submit}>
        <Textarea
          label={t('stage.reason')}
          description={t('stage.reason_lead', { title: asked.deal.title ?? '' })}
          value={reason}
          onChange={(event) => setReason(event.currentTarget.value)}
          autosize
          minRows={2}
          maxLength={500}
          required
          withAsterisk={false}
          data-autofocus
        />
        <Group justify="flex-end" mt="md" gap="xs">
          <Button variant="default" onClick={onCancel}>
            {t('do.cancel')}
          </Button>
          <Button type="submit" disabled={!reason.trim()}>
            {t('stage.move')}
          </Button>
        </Group>
      </form>
    </Modal>
  );
}
