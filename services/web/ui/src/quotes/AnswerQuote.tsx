import { Button, Group, SegmentedControl, Textarea, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '../api/client';
import type { Quote, QuoteRevision } from '../api/types';
import { useFormat } from '../app/format';
import { Section } from '../parts/Page';
import { say, told } from '../parts/say';
import { keep } from './keep';
import { plain } from './sums';
import c from './quotes.module.css';

type Verdict = 'accept' | 'counter' | 'reject';
interface Wish {
  unit_price: string;
  quantity: string;
  deliver_on: string;
}

/** What the buyer says to the document of this hash. */
export function AnswerQuote({ quote, revision }: { quote: Quote; revision: QuoteRevision }) {
  const { t } = useTranslation();
  const f = useFormat();
  const [verdict, setVerdict] = useState<Verdict>('accept');
  const [number, setNumber] = useState('');
  const [note, setNote] = useState('');
  const [wishes, setWishes] = useState<Wish[]>(() =>
    revision.lines.map(() => ({ unit_price: '', quantity: '', deliver_on: '' })),
  );
  const [refusal, setRefusal] = useState('');
  const [busy, setBusy] = useState(false);
  const wish = (at: number, to: Partial<Wish>) =>
    setWishes(wishes.map((one, place) => (place === at ? { ...one, ...to } : one)));
  // Who is not on the hub hears an order, but no wishes and no refusal.
  const here = Boolean(quote.seller.id);
  const verdicts = here ? (['accept', 'counter', 'reject'] as const) : (['accept', 'reject'] as const);
  const said = wishes
    .map((one, at) => ({
      line: at + 1,
      unit_price: plain(one.unit_price) || null,
      quantity: plain(one.quantity) || null,
      deliver_on: one.deliver_on || null,
    }))
    .filter((one) => one.unit_price || one.quantity || one.deliver_on);
  const send = async () => {
    setBusy(true);
    setRefusal('');
    try {
      const answered = await api.post(`/quotes/${quote.id}/answer`, {
        answer: verdict,
        sha256: revision.sha256!,
        revision: quote.revision,
        ...(note.trim() ? { note: note.trim() } : {}),
        ...(verdict === 'accept' && number.trim() ? { order_number: number.trim() } : {}),
        wishes: verdict === 'counter' ? said : [],
      });
      keep(answered);
      say.done(t(`quote.told.${verdict}`, { number: quote.number }));
    } catch (fault) {
      setRefusal(told(fault));
      setBusy(false);
    }
  };
  return (
    <Section title={t('quote.answer')}>
      <SegmentedControl
        aria-label={t('quote.answer')}
        value={verdict}
        onChange={(value) => setVerdict(value as Verdict)}
        data={verdicts.map((value) => ({
          value,
          label: t(`quote.do.${value}`),
        }))}
      />
      <p className={c.lead}>
        {t(here || verdict === 'counter' ? `quote.lead.${verdict}` : `quote.lead.${verdict}_elsewhere`, {
          total: f.money(revision.total_minor, revision.currency),
          seller: quote.seller.name,
        })}
      </p>
      {verdict === 'accept' && (
        <TextInput
          label={t('quote.order_number')}
          description={t('quote.order_number_lead', { number: quote.number })}
          value={number}
          maxLength={22}
          onChange={(event) => setNumber(event.currentTarget.value)}
        />
      )}
      {verdict === 'counter' && (
        <ol className={c.wishes}>
          {revision.lines.map((line, at) => (
            <li key={at}>
              <div>
                <b>
                  {at + 1} · {line.product || line.description}
                </b>
                <small>
                  {f.decimal(line.quantity)} {line.unit} × {f.price(line.net_price ?? '', revision.currency)}
                </small>
              </div>
              <TextInput
                label={t('quote.wish_price', { line: at + 1 })}
                inputMode="decimal"
                placeholder={line.net_price ?? ''}
                value={wishes[at].unit_price}
                onChange={(event) => wish(at, { unit_price: event.currentTarget.value })}
              />
              <TextInput
                label={t('quote.wish_quantity', { line: at + 1 })}
                inputMode="decimal"
                placeholder={line.quantity}
                value={wishes[at].quantity}
                onChange={(event) => wish(at, { quantity: event.currentTarget.value })}
              />
              <TextInput
                label={t('quote.wish_date', { line: at + 1 })}
                type="date"
                value={wishes[at].deliver_on}
                onChange={(event) => wish(at, { deliver_on: event.currentTarget.value })}
              />
            </li>
          ))}
        </ol>
      )}
      <Textarea
        label={t('quote.note')}
        value={note}
        onChange={(event) => setNote(event.currentTarget.value)}
        autosize
        minRows={2}
        maxLength={500}
      />
      {refusal && (
        <p role="alert" className={c.refusal}>
          {refusal}
        </p>
      )}
      <Group justify="flex-end" mt="sm">
        <Button
          loading={busy}
          color={verdict === 'reject' ? 'red' : undefined}
          disabled={verdict === 'counter' && said.length === 0 && !note.trim()}
          onClick={() => void send()}
        >
          {t(`quote.send.${verdict}`)}
        </Button>
      </Group>
    </Section>
  );
}
