import { Button, Group, Modal, Textarea } from '@mantine/core';
import { useState, type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { api, Problem } from '../api/client';
import { STAGES, type BoardView, type DealSummary, type Stage } from '../api/types';
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
    if (!needsReason(deal.stage, to)) return void send({ deal, to, before });
    void isProven(deal, to).then((proven) =>
      proven ? send({ deal, to, before }) : setAsked({ deal, to, before }),
    );
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

/** Orders that were not taken on, or not yet. */
const UNPROVEN = ['received', 'rejected', 'cancelled'];

/** Whether a paper of the deal speaks for the step, so that nobody has to say why. */
async function isProven(deal: DealSummary, to: Stage) {
  const forward = STAGES.indexOf(to) === STAGES.indexOf(deal.stage!) + 1;
  if (!forward || (to !== 'committed' && to !== 'won')) return false;
  try {
    if (to === 'committed')
      return (await api.read(`/deals/${deal.id}/quotes`)).items.some((one) => one.state === 'accepted');
    const { orders } = await api.read(`/deals/${deal.id}`);
    return orders.some((one) => !UNPROVEN.includes(one.state));
  } catch {
    return false;
  }
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
