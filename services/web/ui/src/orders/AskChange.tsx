import { Button, Checkbox, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '../api/client';
import type { ChangeLine, Order } from '../api/types';
import { useFormat } from '../app/format';
import { say } from '../parts/say';
import c from './orders.module.css';

type Terms = Record<'quantity' | 'unit_price' | 'requested_on', string>;
interface Added extends Terms {
  product: string;
  unit: string;
}
const FIELDS = ['quantity', 'unit_price', 'requested_on'] as const;
const LABELS = {
  quantity: 'change.quantity_of',
  unit_price: 'change.price_of',
  requested_on: 'change.date_of',
} as const;
const plain = (text: string) => text.trim().replace(',', '.');

/** The buyer wants other quantities, prices and days, lines less or more, or calls the order off. */
export function AskChange({ order, onSent }: { order: Order; onSent: () => void }) {
  const { t } = useTranslation();
  const f = useFormat();
  const [open, setOpen] = useState(false);
  const [wanted, setWanted] = useState<Record<string, Partial<Terms>>>({});
  const [gone, setGone] = useState<string[]>([]);
  const [added, setAdded] = useState<Added[]>([]);
  const [note, setNote] = useState('');
  const post = async (form: { cancels: boolean; lines: ChangeLine[] }) => {
    try {
      await api.post(`/orders/${order.id}/changes`, { revision: order.revision, note: note.trim(), ...form });
      onSent();
      say.done(t('change.sent'));
    } catch (fault) {
      say.problem(fault);
    }
  };
  const stands = (line: Order['lines'][number]): Terms => ({
    quantity: line.answer?.quantity ?? line.quantity,
    unit_price: line.answer?.unit_price ?? line.unit_price,
    requested_on: line.answer?.requested_on ?? line.requested_on ?? '',
  });
  const changed = order.lines.flatMap((line): ChangeLine[] => {
    if (gone.includes(line.line)) return [{ line: line.line, kind: 'deleted' }];
    const now = { ...stands(line), ...wanted[line.line] };
    const other = FIELDS.filter((field) => now[field] && plain(now[field]) !== stands(line)[field]);
    if (other.length === 0) return [];
    const terms = Object.fromEntries(other.map((field) => [field, plain(now[field])]));
    return [{ line: line.line, kind: 'changed', ...terms }];
  });
  // A new line takes the first number that no line of the order has.
  const numbers = order.lines.map((line) => Number(line.line)).filter(Number.isFinite);
  const after = Math.max(0, ...numbers);
  const fresh = added.map(
    (line, at): ChangeLine => ({
      line: String(after + 1 + at),
      kind: 'added',
      product: line.product.trim(),
      unit: line.unit.trim(),
      quantity: plain(line.quantity),
      unit_price: plain(line.unit_price),
      requested_on: line.requested_on || null,
    }),
  );
  const lines = [...changed, ...fresh];
  const ready = lines.length > 0 && fresh.every((line) => line.product && line.quantity && line.unit_price);
  if (!open)
    return (
      <Button variant="default" onClick={() => setOpen(true)}>
        {t('change.ask')}
      </Button>
    );
  const input = (name: string, field: keyof Terms, value: string, onChange: (to: string) => void, off = false) => (
    <TextInput
      key={field}
      size="xs"
      label={t(field === 'quantity' ? 'order.quantity' : field === 'unit_price' ? 'order.price' : 'order.date')}
      aria-label={t(LABELS[field], { line: name })}
      type={field === 'requested_on' ? 'date' : 'text'}
      inputMode={field === 'requested_on' ? undefined : 'decimal'}
      value={value}
      disabled={off}
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  );
  return (
    <div className={c.otherwise}>
      <ul className={c.left}>
        {order.lines.map((line) => {
          const off = gone.includes(line.line);
          return (
            <li key={line.line}>
              <span data-grows>
                <b>{t('quote.line', { line: line.line })}</b> {line.product || line.description}{' '}
                <small>
                  {f.decimal(stands(line).quantity)} {line.unit} × {f.decimal(stands(line).unit_price)}
                </small>
              </span>
              <Checkbox
                size="sm"
                label={t('change.drop', { line: line.line })}
                checked={off}
                onChange={() => setGone((now) => (off ? now.filter((one) => one !== line.line) : [...now, line.line]))}
              />
              <div className={c.change}>
                {FIELDS.map((field) =>
                  input(
                    line.line,
                    field,
                    wanted[line.line]?.[field] ?? stands(line)[field],
                    (to) => setWanted((now) => ({ ...now, [line.line]: { ...now[line.line], [field]: to } })),
                    off,
                  ),
                )}
              </div>
            </li>
          );
        })}
        {added.map((line, at) => {
          const name = String(after + 1 + at);
          const write = (to: Partial<Added>) =>
            setAdded((now) => now.map((one, place) => (place === at ? { ...one, ...to } : one)));
          return (
            <li key={name}>
              <span data-grows>
                <b>{t('quote.line', { line: name })}</b> <small>{t('change.kind.added')}</small>
              </span>
              <Button
                size="compact-xs"
                variant="subtle"
                color="gray"
                onClick={() => setAdded((now) => now.filter((_, place) => place !== at))}
              >
                {t('change.leave_out', { line: name })}
              </Button>
              <div className={c.change}>
                <TextInput
                  size="xs"
                  label={t('order.product')}
                  aria-label={t('change.product_of', { line: name })}
                  value={line.product}
                  maxLength={80}
                  onChange={(event) => write({ product: event.currentTarget.value })}
                />
                <TextInput
                  size="xs"
                  label={t('quote.unit')}
                  aria-label={t('change.unit_of', { line: name })}
                  value={line.unit}
                  maxLength={10}
                  onChange={(event) => write({ unit: event.currentTarget.value })}
                />
                {FIELDS.map((field) => input(name, field, line[field], (to) => write({ [field]: to })))}
              </div>
            </li>
          );
        })}
      </ul>
      <Button
        size="compact-sm"
        variant="subtle"
        onClick={() =>
          setAdded((now) => [...now, { product: '', unit: 'EA', quantity: '1', unit_price: '', requested_on: '' }])
        }
      >
        {t('change.add')}
      </Button>
      <TextInput
        mt={6}
        label={t('order.note')}
        value={note}
        maxLength={2000}
        onChange={(event) => setNote(event.currentTarget.value)}
      />
      <div className={c.acts}>
        <Button disabled={!ready} onClick={() => void post({ cancels: false, lines })}>
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
