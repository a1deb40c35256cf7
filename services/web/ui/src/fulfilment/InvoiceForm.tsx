import { ActionIcon, Button, NativeSelect, SegmentedControl, TextInput } from '@mantine/core';
import { Plus, X } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '../api/client';
import type { InvoiceCharge, Order } from '../api/types';
import { useFormat } from '../app/format';
import { queries } from '../app/queries';
import { Section } from '../parts/Page';
import { say, told } from '../parts/say';
import { amount, plain } from '../quotes/sums';
import { today, walk } from './cells';
import o from '../orders/orders.module.css';
import c from './fulfilment.module.css';

type Basis = 'shipped' | 'ordered';
interface Draft {
  quantity: string;
  unit_price: string;
  tax_percent: string;
}
interface Charge {
  direction: InvoiceCharge['direction'];
  service: NonNullable<InvoiceCharge['service']>;
  text: string;
  amount: string;
  tax_percent: string;
}
const SERVICES = ['freight', 'discount', 'packing', 'handling', 'insurance'] as const;
const COLUMNS = ['quantity', 'unit_price', 'tax_percent'] as const;

/** An invoice: what was sent and not invoiced yet is there already, at the prices that were agreed. */
export function InvoiceForm({ order, onClose }: { order: Order; onClose: () => void }) {
  const { t } = useTranslation();
  const f = useFormat();
  const all = order.fulfilment.lines;
  const owed = (basis: Basis) => all.map((line) => (basis === 'shipped' ? line.to_invoice : line.to_invoice_ordered));
  const [basis, setBasis] = useState<Basis>(owed('shipped').some((one) => one !== '0') ? 'shipped' : 'ordered');
  const begin = (from: Basis): Draft[] =>
    owed(from).map((quantity, at) => ({ quantity, unit_price: all[at].agreed_price, tax_percent: '' }));
  const [drafts, setDrafts] = useState(() => begin(basis));
  const [charges, setCharges] = useState<Charge[]>([]);
  const [head, setHead] = useState({ number: '', issued_on: today(), due_on: today(30), terms: '', note: '' });
  const [rate, setRate] = useState('');
  const [refusal, setRefusal] = useState('');
  const [busy, setBusy] = useState(false);
  const set = (name: keyof typeof head) => (event: React.ChangeEvent<HTMLInputElement>) =>
    setHead({ ...head, [name]: event.currentTarget.value });
  const change = (at: number, to: Partial<Draft>) =>
    setDrafts(drafts.map((draft, place) => (place === at ? { ...draft, ...to } : draft)));
  const charge = (at: number, to: Partial<Charge>) =>
    setCharges(charges.map((one, place) => (place === at ? { ...one, ...to } : one)));
  const worth = drafts.map((draft) => amount(draft, f.digits(order.currency)));
  const sum = worth.reduce((sum: bigint, one) => sum + (one ?? 0n), 0n);

  const send = async () => {
    setBusy(true);
    const lines = all.map((line, at) => {
      const { quantity, unit_price, tax_percent } = drafts[at];
      const price = plain(unit_price);
      return {
        line: line.line,
        quantity: plain(quantity),
        ...(price && price !== line.agreed_price ? { unit_price: price } : {}),
        ...(tax_percent.trim() ? { tax_percent: plain(tax_percent) } : {}),
      };
    });
    const { number, due_on, ...rest } = head;
    try {
      const made = await api.post(`/orders/${order.id}/invoices`, {
        revision: order.revision,
        basis,
        ...rest,
        ...(number.trim() ? { number } : {}),
        ...(due_on ? { due_on } : {}),
        lines: lines.filter((one) => one.quantity && !/^0*\.?0*$/.test(one.quantity)),
        charges: charges.map((one) => ({
          ...one,
          amount: plain(one.amount),
          tax_percent: one.tax_percent.trim() ? plain(one.tax_percent) : null,
        })),
      });
      for (const key of ['order', 'orders', 'deal', 'interchanges', 'invoices'])
        void queries.invalidateQueries({ queryKey: [key] });
      say.done(t('invoice.written', { number: made.number }));
      onClose();
    } catch (fault) {
      setRefusal(told(fault));
      setBusy(false);
    }
  };
  return (
    <Section
      title={t('invoice.write')}
      aside={
        <SegmentedControl
          size="xs"
          aria-label={t('invoice.basis')}
          value={basis}
          onChange={(value) => {
            setBasis(value as Basis);
            setDrafts(begin(value as Basis).map((one, at) => ({ ...drafts[at], quantity: one.quantity })));
          }}
          data={(['shipped', 'ordered'] as const).map((value) => ({ value, label: t(`invoice.basis.${value}`) }))}
        />
      }
    >
      <div className={c.fields}>
        <TextInput type="date" label={t('invoice.issued_on')} value={head.issued_on} onChange={set('issued_on')} required />
        <TextInput type="date" label={t('invoice.due_on')} value={head.due_on} onChange={set('due_on')} />
        <TextInput label={t('invoice.terms')} value={head.terms} onChange={set('terms')} maxLength={80} />
        <TextInput
          label={t('invoice.number')}
          placeholder={t('invoice.next')}
          value={head.number}
          onChange={set('number')}
          maxLength={22}
        />
        <TextInput
          label={t('invoice.rate_all')}
          inputMode="decimal"
          value={rate}
          onChange={(event) => {
            setRate(event.currentTarget.value);
            setDrafts(drafts.map((draft) => ({ ...draft, tax_percent: event.target.value })));
          }}
        />
      </div>
      <div className={o.scroll}>
        <table className={c.grid}>
          <thead>
            <tr>
              <th scope="col">{t('order.line')}</th>
              <th scope="col">{t('order.product')}</th>
              <th scope="col" data-end>
                {t('invoice.owed')}
              </th>
              {COLUMNS.map((name) => (
                <th key={name} scope="col" data-end>
                  {t(`invoice.${name}`)}
                </th>
              ))}
              <th scope="col" data-end>
                {t('field.amount')}
              </th>
            </tr>
          </thead>
          <tbody>
            {all.map((line, at) => (
              <tr key={line.line}>
                <th scope="row">{line.line}</th>
                <td>
                  <b>{line.product}</b> {line.description}
                </td>
                <td data-end>
                  {f.decimal(owed(basis)[at])} {line.unit}
                </td>
                {COLUMNS.map((name, column) => (
                  <td key={name}>
                    <input
                      data-cell={`${at}-${column}`}
                      data-end
                      inputMode="decimal"
                      aria-label={t('quote.cell', { field: t(`invoice.${name}`), line: line.line })}
                      value={drafts[at][name]}
                      onChange={(event) => change(at, { [name]: event.currentTarget.value })}
                      onKeyDown={(event) => walk(event, at, column, all.length)}
                    />
                  </td>
                ))}
                <td data-end>{worth[at] === null ? '' : f.money(Number(worth[at]), order.currency)}</td>
              </tr>
            ))}
          </tbody>
          <tfoot>
            <tr>
              <td colSpan={6}>{t('invoice.before')}</td>
              <td data-end>
                <b>{f.money(Number(sum), order.currency)}</b>
              </td>
            </tr>
          </tfoot>
        </table>
      </div>
      {charges.map((one, at) => (
        <div key={at} className={c.charge}>
          <NativeSelect
            aria-label={t('invoice.direction')}
            value={one.direction}
            onChange={(event) => charge(at, { direction: event.currentTarget.value as Charge['direction'] })}
            data={(['charge', 'allowance'] as const).map((value) => ({ value, label: t(`invoice.${value}`) }))}
          />
          <NativeSelect
            aria-label={t('invoice.service')}
            value={one.service}
            onChange={(event) => charge(at, { service: event.currentTarget.value as Charge['service'] })}
            data={SERVICES.map((value) => ({ value, label: t(`invoice.service.${value}`) }))}
          />
          <TextInput
            aria-label={t('field.amount')}
            placeholder={t('field.amount')}
            inputMode="decimal"
            value={one.amount}
            onChange={(event) => charge(at, { amount: event.currentTarget.value })}
          />
          <TextInput
            aria-label={t('invoice.tax_percent')}
            placeholder={t('invoice.tax_percent')}
            inputMode="decimal"
            value={one.tax_percent}
            onChange={(event) => charge(at, { tax_percent: event.currentTarget.value })}
          />
          <ActionIcon
            size={30}
            aria-label={t('invoice.drop_charge', { at: at + 1 })}
            onClick={() => setCharges(charges.filter((_, place) => place !== at))}
          >
            <X size={14} />
          </ActionIcon>
        </div>
      ))}
      <Button
        mt="lg"
        size="xs"
        variant="default"
        leftSection={<Plus size={14} aria-hidden />}
        onClick={() =>
          setCharges([
            ...charges,
            { direction: 'charge', service: 'freight', text: '', amount: '', tax_percent: rate },
          ])
        }
      >
        {t('invoice.add_charge')}
      </Button>
      <TextInput className={c.note} label={t('order.note')} value={head.note} onChange={set('note')} maxLength={264} />
      <p className={o.lead}>{t('invoice.makes')}</p>
      {refusal && (
        <p role="alert" className={o.refusal}>
          {refusal}
        </p>
      )}
      <div className={c.foot}>
        <Button variant="default" onClick={onClose}>
          {t('do.cancel')}
        </Button>
        <Button loading={busy} onClick={() => void send()}>
          {t('invoice.send')}
        </Button>
      </div>
    </Section>
  );
}
