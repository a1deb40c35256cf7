import { Button, Group, Textarea } from '@mantine/core';
import { useState, type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '../api/client';
import type { FundClaim, FundMove, FundRequest } from '../api/types';
import { readMinor, useFormat } from '../app/format';
import { queries, useCan } from '../app/queries';
import { Section } from '../parts/Page';
import { told } from '../parts/say';
import { Money } from './Money';
import c from './funds.module.css';

const HARD: FundMove[] = ['reject', 'withdraw'];
const AT_ONCE: FundMove[] = ['submit', 'review', 'withdraw'];

/** What the hub answered is what the screen shows; what may differ now is asked again. */
export function keep(request: FundRequest) {
  queries.setQueryData(['fund-request', request.id], request);
  for (const key of ['fund-requests', 'fund-parts', 'funds', 'fund', 'fund-ledger'])
    void queries.invalidateQueries({ queryKey: [key] });
}

/** The moves that the reader may make now, of a request or of one of its claims. */
export function Moves({ it, claim }: { it: FundRequest; claim?: FundClaim }) {
  const { t } = useTranslation();
  const can = useCan();
  const [chosen, setChosen] = useState<FundMove>();
  const [refusal, setRefusal] = useState('');
  const [busy, setBusy] = useState(false);
  const of = claim ?? it;
  const may = (move: FundMove) =>
    can(move === 'pay' ? 'fund.pay' : it.side === 'vendor' ? 'fund.run' : 'fund.claim');
  const moves = of.moves.filter(may);
  if (moves.length === 0) return null;
  const send = async (said: { move: FundMove; amount_minor?: number; words?: string; reference?: string }) => {
    setBusy(true);
    setRefusal('');
    try {
      const form = { ...said, revision: of.revision };
      const done =
        claim && said.move === 'pay'
          ? await api.post(`/fund-claims/${claim.id}/payment`, { reference: said.reference ?? '', revision: of.revision })
          : claim
            ? it.side === 'vendor'
              ? await api.post(`/fund-claims/${claim.id}/answers`, form)
              : await api.post(`/fund-claims/${claim.id}/moves`, form)
            : it.side === 'vendor'
              ? await api.post(`/fund-requests/${it.id}/answers`, form)
              : await api.post(`/fund-requests/${it.id}/moves`, form);
      keep(done);
      setChosen(undefined);
    } catch (fault) {
      setRefusal(told(fault));
    }
    setBusy(false);
  };
  return (
    <div className={c.deeds}>
      <div className={c.moves} role="group" aria-label={t('fund.moves')}>
        {moves.map((move) => (
          <Button
            key={move}
            loading={busy && chosen === undefined}
            variant={HARD.includes(move) || move === 'ask_more' ? 'default' : 'filled'}
            aria-expanded={AT_ONCE.includes(move) ? undefined : chosen === move}
            onClick={() => (AT_ONCE.includes(move) ? void send({ move }) : setChosen(move))}
          >
            {t(`fund.do.${move}`)}
          </Button>
        ))}
      </div>
      {refusal && !chosen && (
        <p role="alert" className={c.refusal}>
          {refusal}
        </p>
      )}
      {chosen && (
        <Step
          key={chosen}
          move={chosen}
          asked={of.asked_minor}
          currency={it.currency}
          busy={busy}
          refusal={refusal}
          onClose={() => setChosen(undefined)}
          onSend={(said) => void send(said)}
        />
      )}
    </div>
  );
}

interface StepProps {
  move: FundMove;
  asked: number;
  currency: string;
  busy: boolean;
  refusal: string;
  onClose: () => void;
  onSend: (said: { move: FundMove; amount_minor?: number; words?: string; reference?: string }) => void;
}

function Step({ move, asked, currency, busy, refusal, onClose, onSend }: StepProps) {
  const { t } = useTranslation();
  const f = useFormat();
  const [amount, setAmount] = useState(String(asked / 10 ** f.digits(currency)));
  const [words, setWords] = useState('');
  const minor = readMinor(amount, f.digits(currency));
  const must = move === 'reject' || move === 'ask_more' || move === 'pay' || (minor !== null && minor < asked);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (move === 'pay') return onSend({ move, reference: words });
    onSend({ move, amount_minor: move === 'approve' ? (minor ?? undefined) : undefined, words: words.trim() || undefined });
  };
  const label = move === 'pay' ? 'fund.reference' : must ? 'fund.words_why' : 'fund.words_may';
  return (
    <Section title={t(`fund.do.${move}`)}>
      <form className={c.form} onSubmit={submit}>
        {move === 'approve' && (
          <Money
            label={t('fund.approve_amount')}
            value={amount}
            onChange={setAmount}
            currency={currency}
            hint={t('fund.at_most', { amount: f.money(asked, currency) })}
          />
        )}
        <Textarea
          label={t(label)}
          value={words}
          onChange={(event) => setWords(event.currentTarget.value)}
          autosize
          minRows={move === 'pay' ? 1 : 2}
          maxLength={move === 'pay' ? 120 : 2000}
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
          <Button
            type="submit"
            loading={busy}
            color={HARD.includes(move) ? 'red' : undefined}
            disabled={(must && !words.trim()) || (move === 'approve' && minor === null)}
          >
            {t(`fund.do.${move}`)}
          </Button>
        </Group>
      </form>
    </Section>
  );
}
