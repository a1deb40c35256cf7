import { Button, SegmentedControl, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '../api/client';
import type { Change, ChangeLine, Order } from '../api/types';
import { useFormat } from '../app/format';
import { queries, useMe } from '../app/queries';
import { Section } from '../parts/Page';
import { say } from '../parts/say';
import { Tag, type Tone } from '../parts/Tag';
import { AskChange } from './AskChange';
import { Discuss } from './Discuss';
import { ChangeTag, CounterTag } from './OrderTag';
import c from './orders.module.css';

/** While an order stands so, nothing of it is under way. */
const OPEN = ['received', 'accepted', 'accepted_with_change', 'changed'];

/** What became of the order, on every screen that shows it. */
function again(order: string) {
  for (const key of [['changes', order], ['order', order], ['orders'], ['deal']])
    void queries.invalidateQueries({ queryKey: key });
}

/** What the buyer wants otherwise, line by line against the order, and what the seller agrees to. */
export function Changes({ order }: { order: Order }) {
  const { t } = useTranslation();
  const me = useMe();
  const asked = useQuery({
    queryKey: ['changes', order.id, order.revision],
    queryFn: () => api.read(`/orders/${order.id}/changes`),
  });
  const all = asked.data?.items ?? [];
  const buys = order.buyer.id === me.organisation.id && me.can.includes('order.change');
  const may = buys && OPEN.includes(order.state);
  if (all.length === 0 && !may) return null;
  return (
    <Section title={t('change.title')}>
      {all.toReversed().map((change) => (
        <One key={change.rev} order={order} change={change} />
      ))}
      {may && <AskChange key={order.revision} order={order} onSent={() => again(order.id)} />}
    </Section>
  );
}

type Verdict = 'agree' | 'offer' | 'refuse';
interface Said {
  verdict: Verdict;
  quantity?: string;
  unit_price?: string;
  requested_on?: string;
}
/** A number as the API wants it. */
const plain = (text: string | undefined) => text?.trim().replace(',', '.') || null;

function One({ order, change }: { order: Order; change: Change }) {
  const { t } = useTranslation();
  const f = useFormat();
  const me = useMe();
  const [said, setSaid] = useState<Record<string, Said>>({});
  const [note, setNote] = useState('');
  const waits = change.state === 'asked';
  const answers = waits && order.seller.id === me.organisation.id && me.can.includes('order.answer');
  const known = (line: ChangeLine) => order.lines.find((one) => one.line === line.line);
  const was = (line: ChangeLine) => change.before?.find((one) => one.line === line.line) ?? known(line);
  const of = (line: ChangeLine): Said => said[line.line] ?? { verdict: 'agree' };
  const write = (line: ChangeLine, to: Partial<Said>) =>
    setSaid((now) => ({ ...now, [line.line]: { ...(now[line.line] ?? { verdict: 'agree' }), ...to } }));
  const terms = (line: ChangeLine, before = was(line) ?? null) => {
    const pair = (from: string | undefined, to: string) => (line.kind === 'added' || !from ? to : `${from} → ${to}`);
    return [
      line.quantity && `${pair(before ? f.decimal(before.quantity) : undefined, f.decimal(line.quantity))} ${line.unit ?? ''}`,
      line.unit_price && pair(before ? f.decimal(before.unit_price) : undefined, f.decimal(line.unit_price)),
      line.requested_on && pair(before?.requested_on ? f.date(before.requested_on) : '', f.date(line.requested_on)),
    ]
      .filter(Boolean)
      .join(', ');
  };
  const send = async () => {
    const lines = change.lines.map((line) => {
      const { verdict, quantity, unit_price, requested_on } = of(line);
      if (verdict !== 'offer') return { line: line.line, accept: verdict === 'agree' };
      const offer = {
        quantity: plain(quantity),
        unit_price: plain(unit_price),
        requested_on: requested_on || null,
      };
      return { line: line.line, accept: true, offer };
    });
    try {
      await api.post(`/orders/${order.id}/changes/${String(change.rev)}/answer`, {
        revision: order.revision,
        lines,
        ...(note.trim() ? { note: note.trim() } : {}),
      });
      again(order.id);
      say.done(t('change.answered'));
    } catch (fault) {
      say.problem(fault);
    }
  };
  return (
    <div className={c.otherwise}>
      <header>
        <b>{t('change.one', { rev: change.rev })}</b>
        {change.number && <small>{change.number}</small>}
        {change.settles ? <CounterTag state={change.state} /> : <ChangeTag state={change.state} />}
        <small>{f.moment(change.at)}</small>
      </header>
      {change.cancels && <p className={c.note}>{t('change.cancels')}</p>}
      {change.note && <p className={c.note}>{change.note}</p>}
      <ul className={c.left}>
        {change.lines.map((line) => {
          const stands = known(line);
          return (
            <li
              key={line.line}
              data-refused={line.accepted === false || (change.settles && line.kind === 'deleted') || undefined}
            >
              <span data-grows>
                <b>{t('quote.line', { line: line.line })}</b> {line.product || line.description}{' '}
                <small>
                  {!change.settles && t(`change.kind.${line.kind}`)} {terms(line)}
                </small>
                {line.offered && (
                  <small data-offer>
                    {t('change.offered', { terms: terms({ ...line, ...given(line.offered) }, null) })}
                  </small>
                )}
              </span>
              {stands && <Discuss order={order} line={stands} />}
              {answers ? (
                <SegmentedControl
                  size="xs"
                  aria-label={t('change.verdict_on', { line: line.line })}
                  value={of(line).verdict}
                  onChange={(verdict) => write(line, { verdict: verdict as Verdict })}
                  data={(['agree', 'offer', 'refuse'] as const)
                    .filter((one) => one !== 'offer' || line.kind !== 'deleted')
                    .map((value) => ({ value, label: t(`change.do.${value}`) }))}
                />
              ) : (
                !waits && <Done change={change} line={line} />
              )}
              {answers && of(line).verdict === 'offer' && (
                <div className={c.change}>
                  <TextInput
                    label={t('order.quantity')}
                    inputMode="decimal"
                    value={of(line).quantity ?? line.quantity ?? stands?.quantity ?? ''}
                    onChange={(event) => write(line, { quantity: event.currentTarget.value })}
                  />
                  <TextInput
                    label={t('order.price')}
                    inputMode="decimal"
                    value={of(line).unit_price ?? line.unit_price ?? stands?.unit_price ?? ''}
                    onChange={(event) => write(line, { unit_price: event.currentTarget.value })}
                  />
                  <TextInput
                    label={t('order.date')}
                    type="date"
                    value={of(line).requested_on ?? line.requested_on ?? stands?.requested_on ?? ''}
                    onChange={(event) => write(line, { requested_on: event.currentTarget.value })}
                  />
                </div>
              )}
            </li>
          );
        })}
      </ul>
      {change.answer_note && <p className={c.note}>{change.answer_note}</p>}
      {change.before_minor !== null && change.before_minor !== undefined && (
        <small>{t('change.before', { total: f.money(change.before_minor, order.currency) })}</small>
      )}
      {answers && (
        <>
          <TextInput
            mt={8}
            label={t('order.note')}
            maxLength={264}
            value={note}
            onChange={(event) => setNote(event.currentTarget.value)}
          />
          <Button mt="xs" onClick={() => void send()}>
            {t('change.answer')}
          </Button>
        </>
      )}
    </div>
  );
}

/** What became of a line. */
function Done({ change, line }: { change: Change; line: ChangeLine }) {
  const { t } = useTranslation();
  if (!change.settles) return <Tag tone={toneOf(line)}>{t(wordOf(line))}</Tag>;
  const taken = line.kind === 'changed';
  return <Tag tone={taken ? 'ok' : 'problem'}>{t(taken ? 'counter.taken' : 'counter.refused')}</Tag>;
}

/** Only what is offered: the rest stays as it was asked. */
function given(offer: NonNullable<ChangeLine['offered']>) {
  const { quantity = null, unit_price = null, requested_on = null } = offer;
  return { quantity, unit_price, requested_on };
}
const toneOf = (line: ChangeLine): Tone => (line.offered ? 'info' : line.accepted ? 'ok' : 'problem');
const wordOf = (line: ChangeLine) =>
  line.offered
    ? ('change.state.offered' as const)
    : line.accepted
      ? ('change.state.accepted' as const)
      : ('change.state.rejected' as const);
