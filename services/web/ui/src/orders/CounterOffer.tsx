import { Button, SegmentedControl, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '../api/client';
import type { Order, OrderLine } from '../api/types';
import { useFormat } from '../app/format';
import { queries, useMe } from '../app/queries';
import { Section } from '../parts/Page';
import { say } from '../parts/say';
import { Tag } from '../parts/Tag';
import { Discuss } from './Discuss';
import c from './orders.module.css';

type Verdict = 'take' | 'refuse';

/** What the seller offers otherwise than it was ordered, until its buyer takes or refuses it, line by line. */
export function CounterOffer({ order }: { order: Order }) {
  const { t } = useTranslation();
  const f = useFormat();
  const me = useMe();
  const [said, setSaid] = useState<Record<string, Verdict>>({});
  const [note, setNote] = useState('');
  const counter = order.counter;
  if (!counter) return null;
  const answers = order.buyer.id === me.organisation.id && me.can.includes('order.change');
  const lines = counter.lines.flatMap((offered) => {
    const line = order.lines.find((one) => one.line === offered.line);
    return line ? [{ line, amount: offered.amount_minor }] : [];
  });
  const of = (line: OrderLine): Verdict => said[line.line] ?? 'take';
  const refuses = lines.some(({ line }) => of(line) === 'refuse');
  const every = (verdict: Verdict) => setSaid(Object.fromEntries(lines.map(({ line }) => [line.line, verdict])));
  const send = async () => {
    try {
      const now = await api.post(`/orders/${order.id}/counter-offer`, {
        revision: order.revision,
        note: note.trim(),
        lines: lines.map(({ line }) => ({ line: line.line, take: of(line) === 'take' })),
      });
      queries.setQueryData(['order', order.id], now);
      for (const key of [['changes', order.id], ['orders'], ['deal']])
        void queries.invalidateQueries({ queryKey: key });
      say.done(t('counter.sent'));
    } catch (fault) {
      say.problem(fault);
    }
  };
  return (
    <Section title={t('counter.title')} aside={<Tag tone="wait">{t('counter.open')}</Tag>}>
      <div className={c.otherwise}>
        <p className={c.note}>
          {answers
            ? t('counter.lead', { seller: order.seller.name })
            : t('counter.waits', { buyer: order.buyer.name })}
        </p>
        <ul className={c.left}>
          {lines.map(({ line, amount }) => (
            <li key={line.line} data-refused={(answers && of(line) === 'refuse') || undefined}>
              <span data-grows>
                <b>{t('quote.line', { line: line.line })}</b> {line.product || line.description}{' '}
                <small data-offer>
                  <Terms line={line} />
                </small>
                <small>
                  {f.money(line.amount_minor, order.currency)} → {f.money(amount, order.currency)}
                </small>
              </span>
              <Discuss order={order} line={line} />
              {answers && (
                <SegmentedControl
                  size="xs"
                  aria-label={t('counter.verdict_on', { line: line.line })}
                  value={of(line)}
                  onChange={(verdict) => setSaid((now) => ({ ...now, [line.line]: verdict as Verdict }))}
                  data={[
                    { value: 'take', label: t('counter.take') },
                    { value: 'refuse', label: t('counter.refuse') },
                  ]}
                />
              )}
            </li>
          ))}
        </ul>
        <p className={c.note}>
          {t('counter.whole', {
            ordered: f.money(order.total_minor, order.currency),
            total: f.money(counter.total_minor, order.currency),
          })}
        </p>
        {answers && (
          <>
            {refuses && (
              <TextInput
                mt={8}
                required
                label={t('counter.why')}
                description={t('counter.refused_means')}
                maxLength={264}
                value={note}
                onChange={(event) => setNote(event.currentTarget.value)}
              />
            )}
            <div className={c.acts} style={{ marginTop: 10 }}>
              <Button disabled={refuses && !note.trim()} onClick={() => void send()}>
                {t(refuses ? 'counter.send' : 'counter.take_all')}
              </Button>
              {!refuses && (
                <Button variant="default" onClick={() => every('refuse')}>
                  {t('counter.refuse_all')}
                </Button>
              )}
              {refuses && (
                <Button variant="default" onClick={() => every('take')}>
                  {t('counter.back')}
                </Button>
              )}
            </div>
          </>
        )}
      </div>
    </Section>
  );
}

/** As it was ordered and as it is offered, where that differs. */
function Terms({ line }: { line: OrderLine }) {
  const f = useFormat();
  const { quantity, unit_price, requested_on } = line.answer ?? {};
  const pair = (from: string, to: string) => (from ? `${from} → ${to}` : to);
  return [
    quantity && `${pair(f.decimal(line.quantity), f.decimal(quantity))} ${line.unit}`,
    unit_price && pair(f.decimal(line.unit_price), f.decimal(unit_price)),
    requested_on && pair(line.requested_on ? f.date(line.requested_on) : '', f.date(requested_on)),
  ]
    .filter(Boolean)
    .join(', ');
}
