import { Button, Group, NativeSelect, NumberInput, Textarea } from '@mantine/core';
import { useState, type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { api, Problem } from '../api/client';
import {
  REGISTRATION_REASONS,
  type Registration,
  type RegistrationMove,
  type RegistrationReason,
} from '../api/types';
import { queries, useCan } from '../app/queries';
import { Section } from '../parts/Page';
import { say, told } from '../parts/say';
import { keep } from './keep';
import c from './registrations.module.css';

type Asks = { days?: true; reason?: true; words?: 'may' | 'must' };

/** What each move asks for before it is made; one that asks for nothing is made at once. */
const ASKS: Partial<Record<RegistrationMove, Asks>> = {
  approve: { days: true, words: 'may' },
  reject: { reason: true, words: 'may' },
  ask_more: { words: 'must' },
  ask_extension: { days: true, words: 'may' },
  extend: { days: true, words: 'may' },
  refuse_extension: { words: 'may' },
  revoke: { reason: true, words: 'may' },
  withdraw: { words: 'may' },
  lose: { words: 'may' },
};
const HARD: RegistrationMove[] = ['reject', 'revoke', 'withdraw', 'lose', 'refuse_extension'];

/** The moves that the reader may make now. */
export function Moves({ it }: { it: Registration }) {
  const { t } = useTranslation();
  const can = useCan();
  const [chosen, setChosen] = useState<RegistrationMove>();
  const may = can(it.side === 'vendor' ? 'registration.answer' : 'registration.register');
  // What is handed in is written first: its form has that button.
  const moves = may ? it.moves.filter((move) => move !== 'submit') : [];
  if (moves.length === 0) return null;
  const make = async (move: RegistrationMove) => {
    if (ASKS[move]) return setChosen(move);
    try {
      keep(await step(it, { move }));
    } catch (fault) {
      say.problem(fault);
      void queries.invalidateQueries({ queryKey: ['registration', it.id] });
    }
  };
  return (
    <>
      <div className={c.moves} role="group" aria-label={t('registration.moves')}>
        {moves.map((move) => (
          <Button
            key={move}
            variant={HARD.includes(move) || move === 'ask_more' || move === 'ask_extension' ? 'default' : 'filled'}
            aria-expanded={ASKS[move] ? chosen === move : undefined}
            onClick={() => void make(move)}
          >
            {t(`registration.do.${move}`)}
          </Button>
        ))}
      </div>
      {chosen && <Step key={chosen} it={it} move={chosen} onClose={() => setChosen(undefined)} />}
    </>
  );
}

interface Said {
  move: RegistrationMove;
  days?: number;
  reason?: RegistrationReason;
  words?: string;
  anyway?: boolean;
}

const step = (it: Registration, said: Said): Promise<Registration> =>
  it.side === 'vendor'
    ? api.post(`/registrations/${it.id}/answers`, { revision: it.revision, anyway: false, ...said })
    : api.post(`/registrations/${it.id}/moves`, {
        revision: it.revision,
        move: said.move,
        days: said.days,
        words: said.words,
      });

function Step({ it, move, onClose }: { it: Registration; move: RegistrationMove; onClose: () => void }) {
  const { t } = useTranslation();
  const asks = ASKS[move]!;
  const first = move === 'approve' ? it.first_approval?.days : undefined;
  const wished = move === 'extend' ? it.wished_days : undefined;
  const [days, setDays] = useState<string | number>(first ?? wished ?? (move === 'approve' ? 90 : 30));
  const [reason, setReason] = useState<RegistrationReason | ''>('');
  const [words, setWords] = useState('');
  const [refusal, setRefusal] = useState<{ text: string; names: boolean }>();
  const [busy, setBusy] = useState(false);
  const whole =
    (!asks.days || Number(days) > 0) &&
    (!asks.reason || reason !== '') &&
    ((asks.words !== 'must' && reason !== 'other') || words.trim() !== '');
  const send = async (anyway: boolean) => {
    setBusy(true);
    try {
      const said: Said = { move, anyway, words: words.trim() || undefined };
      if (asks.days) said.days = Number(days);
      if (reason) said.reason = reason;
      keep(await step(it, said));
      onClose();
    } catch (fault) {
      const slug = fault instanceof Problem ? fault.slug : '';
      setRefusal({ text: told(fault), names: slug === 'names-a-partner' });
      if (slug === 'stale-revision') void queries.invalidateQueries({ queryKey: ['registration', it.id] });
    } finally {
      setBusy(false);
    }
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    void send(false);
  };
  return (
    <Section title={t(`registration.do.${move}`)}>
      <form className={c.step} onSubmit={submit}>
        {asks.days && (
          <NumberInput
            label={t(move === 'approve' ? 'registration.days' : 'registration.more_days')}
            value={days}
            onChange={setDays}
            min={1}
            max={365}
            allowDecimal={false}
            allowNegative={false}
            hideControls
          />
        )}
        {asks.reason && (
          <NativeSelect
            label={t('registration.reason')}
            value={reason}
            onChange={(event) => setReason(event.currentTarget.value as RegistrationReason)}
            data={[
              { value: '', label: '–' },
              ...REGISTRATION_REASONS.map((value) => ({ value, label: t(`registration.reason.${value}`) })),
            ]}
          />
        )}
        {asks.words && (
          <Textarea
            label={t(asks.words === 'must' ? 'registration.words' : 'registration.words_may')}
            value={words}
            onChange={(event) => setWords(event.currentTarget.value)}
            autosize
            minRows={2}
            maxLength={2000}
          />
        )}
        {refusal && (
          <p role="alert" className={c.refusal}>
            {refusal.text}
          </p>
        )}
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose}>
            {t('do.cancel')}
          </Button>
          {refusal?.names && (
            <Button variant="default" disabled={busy} onClick={() => void send(true)}>
              {t('registration.anyway')}
            </Button>
          )}
          <Button type="submit" loading={busy} disabled={!whole} color={HARD.includes(move) ? 'red' : undefined}>
            {t(`registration.do.${move}`)}
          </Button>
        </Group>
      </form>
    </Section>
  );
}
