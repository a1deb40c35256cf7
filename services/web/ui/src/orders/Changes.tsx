import { Button, Checkbox, TextInput } from '@mantine/core';
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
import c from './orders.module.css';

const TONES: Record<Change['state'], Tone> = {
  asked: 'wait',
  accepted: 'ok',
  accepted_in_part: 'info',
  rejected: 'problem',
};
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
      {may && <Ask key={order.revision} order={order} />}
    </Section>
  );
}

function One({ order, change }: { order: Order; change: Change }) {
  const { t } = useTranslation();
  const f = useFormat();
  const me = useMe();
  const [refused, setRefused] = useState<string[]>([]);
  const waits = change.state === 'asked';
  const answers = waits && order.seller.id === me.organisation.id && me.can.includes('order.answer');
  const was = (line: ChangeLine) =>
    change.before?.find((one) => one.line === line.line) ?? order.lines.find((one) => one.line === line.line);
  const told = (line: ChangeLine) => {
    const before = was(line);
    const pair = (from: string | undefined, to: string) => (line.kind === 'added' || !from ? to : `${from} → ${to}`);
    return [
      line.quantity && `${pair(before && f.decimal(before.quantity), f.decimal(line.quantity))} ${line.unit ?? ''}`,
      line.unit_price && pair(before && f.decimal(before.unit_price), f.decimal(line.unit_price)),
      line.requested_on && pair(before?.requested_on ? f.date(before.requested_on) : '', f.date(line.requested_on)),
    ]
      .filter(Boolean)
      .join(', ');
  };
  const send = async () => {
    try {
      const lines = change.lines.map(({ line }) => ({ line, accept: !refused.includes(line) }));
      await api.post(`/orders/${order.id}/changes/${String(change.rev)}/answer`, { revision: order.revision, lines });
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
        <Tag tone={TONES[change.state]}>{t(`change.state.${change.state}`)}</Tag>
        <small>{f.moment(change.at)}</small>
      </header>
      {change.cancels && <p className={c.note}>{t('change.cancels')}</p>}
      {change.note && <p className={c.note}>{change.note}</p>}
      <ul className={c.left}>
        {change.lines.map((line) => (
          <li key={line.line} data-refused={line.accepted === false || undefined}>
            {answers && (
              <Checkbox
                size="sm"
                aria-label={t('change.agree', { line: line.line })}
                checked={!refused.includes(line.line)}
                onChange={() =>
                  setRefused((now) =>
                    now.includes(line.line) ? now.filter((one) => one !== line.line) : [...now, line.line],
                  )
                }
              />
            )}
            <span>
              <b>{t('quote.line', { line: line.line })}</b> {line.product || line.description}{' '}
              <small>
                {t(`change.kind.${line.kind}`)} {told(line)}
              </small>
            </span>
            {!waits && (
              <Tag tone={line.accepted ? 'ok' : 'problem'}>
                {t(line.accepted ? 'change.state.accepted' : 'change.state.rejected')}
              </Tag>
            )}
          </li>
        ))}
      </ul>
      {change.answer_note && <p className={c.note}>{change.answer_note}</p>}
      {change.before_minor !== null && change.before_minor !== undefined && (
        <small>{t('change.before', { total: f.money(change.before_minor, order.currency) })}</small>
      )}
      {answers && (
        <Button mt="xs" onClick={() => void send()}>
          {t('change.answer')}
        </Button>
      )}
    </div>
  );
}

/** The buyer writes other quantities, strikes lines out, or calls the order off. */
function Ask({ order }: { order: Order }) {
  const { t } = useTranslation();
  const [open, setOpen] = useState(false);
  const [wanted, setWanted] = useState<Record<string, string>>({});
  const [gone, setGone] = useState<string[]>([]);
  const post = async (form: { cancels: boolean; lines: ChangeLine[] }) => {
    try {
      await api.post(`/orders/${order.id}/changes`, { revision: order.revision, ...form });
      again(order.id);
      say.done(t('change.sent'));
    } catch (fault) {
      say.problem(fault);
    }
  };
  const lines = order.lines.flatMap((line): ChangeLine[] => {
    if (gone.includes(line.line)) return [{ line: line.line, kind: 'deleted' }];
    const quantity = wanted[line.line]?.trim().replace(',', '.');
    return quantity && quantity !== line.quantity ? [{ line: line.line, kind: 'changed', quantity }] : [];
  });
  if (!open)
    return (
      <Button variant="default" onClick={() => setOpen(true)}>
        {t('change.ask')}
      </Button>
    );
  return (
    <div className={c.otherwise}>
      <ul className={c.left}>
        {order.lines.map((line) => (
          <li key={line.line}>
            <TextInput
              size="xs"
              aria-label={t('change.quantity_of', { line: line.line })}
              value={wanted[line.line] ?? line.quantity}
              disabled={gone.includes(line.line)}
              onChange={(event) => {
                const { value } = event.currentTarget;
                setWanted((now) => ({ ...now, [line.line]: value }));
              }}
            />
            <span>
              {line.unit} <b>{line.product || line.description}</b>
            </span>
            <Checkbox
              size="sm"
              label={t('change.drop', { line: line.line })}
              checked={gone.includes(line.line)}
              onChange={() =>
                setGone((now) =>
                  now.includes(line.line) ? now.filter((one) => one !== line.line) : [...now, line.line],
                )
              }
            />
          </li>
        ))}
      </ul>
      <div className={c.acts}>
        <Button disabled={lines.length === 0} onClick={() => void post({ cancels: false, lines })}>
          {t('change.send')}
        </Button>
        <Button variant="default" onClick={() => void post({ cancels: true, lines: [] })}>
          {t('change.call_off')}
        </Button>
        <Button variant="subtle" onClick={() => setOpen(false)}>
          {t('do.cancel')}
        </Button>
      </div>
    </div>
  );
}
