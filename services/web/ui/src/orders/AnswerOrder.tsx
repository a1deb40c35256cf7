import { Button, Group, NativeSelect, SegmentedControl, Textarea, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '../api/client';
import type { Decision, Order } from '../api/types';
import { useFormat } from '../app/format';
import { queries } from '../app/queries';
import { Section } from '../parts/Page';
import { say, told } from '../parts/say';
import c from './orders.module.css';

interface Draft {
  decision: Decision;
  quantity: string;
  unit_price: string;
  requested_on: string;
}
const DECISIONS: Decision[] = ['accept', 'change', 'reject'];

/** An answer for each line; sending it makes the 855. */
export function AnswerOrder({ order, onClose }: { order: Order; onClose: () => void }) {
  const { t } = useTranslation();
  const f = useFormat();
  const [drafts, setDrafts] = useState<Draft[]>(() =>
    order.lines.map((line) => ({
      decision: 'accept',
      quantity: line.quantity,
      unit_price: line.unit_price,
      requested_on: line.requested_on ?? '',
    })),
  );
  const [note, setNote] = useState('');
  const [refusal, setRefusal] = useState('');
  const [busy, setBusy] = useState(false);
  const change = (at: number, to: Partial<Draft>) =>
    setDrafts(drafts.map((draft, place) => (place === at ? { ...draft, ...to } : draft)));
  const all = drafts.every((draft) => draft.decision === drafts[0]?.decision) ? drafts[0]?.decision : '';

  const send = async () => {
    setBusy(true);
    const lines = order.lines.map((line, at) => {
      const draft = drafts[at];
      if (draft.decision !== 'change') return { line: line.line, decision: draft.decision };
      return {
        line: line.line,
        decision: draft.decision,
        ...(draft.quantity !== line.quantity ? { quantity: draft.quantity } : {}),
        ...(draft.unit_price !== line.unit_price ? { unit_price: draft.unit_price } : {}),
        ...(draft.requested_on && draft.requested_on !== line.requested_on
          ? { requested_on: draft.requested_on }
          : {}),
      };
    });
    try {
      const answered = await api.post(`/orders/${order.id}/answer`, {
        revision: order.revision,
        lines,
        ...(note.trim() ? { note: note.trim() } : {}),
      });
      queries.setQueryData(['order', order.id], answered);
      for (const key of ['orders', 'deal', 'interchanges'])
        void queries.invalidateQueries({ queryKey: [key] });
      say.done(t('order.answered', { number: order.number }));
      onClose();
    } catch (fault) {
      setRefusal(told(fault));
      setBusy(false);
    }
  };
  return (
    <Section
      title={t('order.answer')}
      aside={
        <NativeSelect
          size="xs"
          aria-label={t('order.all_lines')}
          value={all}
          onChange={(event) =>
            event.currentTarget.value &&
            setDrafts(drafts.map((draft) => ({ ...draft, decision: event.currentTarget.value as Decision })))
          }
          data={[
            { value: '', label: t('order.all_lines') },
            ...DECISIONS.map((value) => ({ value, label: t(`order.all.${value}`) })),
          ]}
        />
      }
    >
      <ol className={c.answers}>
        {order.lines.map((line, at) => (
          <li key={line.line}>
            <div className={c.asked}>
              <b>
                {line.line} · {line.product}
              </b>
              <small>
                {line.quantity} {line.unit} × {line.unit_price} = {f.money(line.amount_minor, order.currency)}
                {line.requested_on && ` · ${f.date(line.requested_on)}`}
              </small>
            </div>
            <SegmentedControl
              size="xs"
              aria-label={t('order.answer_line', { line: line.line })}
              value={drafts[at].decision}
              onChange={(value) => change(at, { decision: value as Decision })}
              data={DECISIONS.map((value) => ({ value, label: t(`order.do.${value}`) }))}
            />
            {drafts[at].decision === 'change' && (
              <div className={c.change}>
                <TextInput
                  label={t('order.quantity')}
                  inputMode="decimal"
                  value={drafts[at].quantity}
                  onChange={(event) => change(at, { quantity: event.currentTarget.value })}
                />
                <TextInput
                  label={t('order.price')}
                  inputMode="decimal"
                  value={drafts[at].unit_price}
                  onChange={(event) => change(at, { unit_price: event.currentTarget.value })}
                />
                <TextInput
                  label={t('order.date')}
                  type="date"
                  value={drafts[at].requested_on}
                  onChange={(event) => change(at, { requested_on: event.currentTarget.value })}
                />
              </div>
            )}
          </li>
        ))}
      </ol>
      <Textarea
        label={t('order.note')}
        value={note}
        onChange={(event) => setNote(event.currentTarget.value)}
        autosize
        minRows={2}
        maxLength={500}
      />
      <p className={c.lead}>{t('order.makes')}</p>
      {refusal && (
        <p role="alert" className={c.refusal}>
          {refusal}
        </p>
      )}
      <Group justify="flex-end" gap="xs">
        <Button variant="default" onClick={onClose}>
          {t('do.cancel')}
        </Button>
        <Button loading={busy} onClick={() => void send()}>
          {t('order.send')}
        </Button>
      </Group>
    </Section>
  );
}
