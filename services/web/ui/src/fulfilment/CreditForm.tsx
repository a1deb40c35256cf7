import { ActionIcon, Button, NativeSelect, TextInput } from '@mantine/core';
import { Plus, X } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '../api/client';
import type { Invoice } from '../api/types';
import { useFormat } from '../app/format';
import { Section } from '../parts/Page';
import { say, told } from '../parts/say';
import { amount, compare, plain } from '../quotes/sums';
import { today, walk } from './cells';
import o from '../orders/orders.module.css';
import c from './fulfilment.module.css';

interface Sum {
  amount: string;
  percent: string;
  text: string;
}

/** A credit note: quantities of lines, or amounts, and why; no more than is left of the invoice. */
export function CreditForm({ invoice, onDone, onClose }: { invoice: Invoice; onDone: () => void; onClose: () => void }) {
  const { t } = useTranslation();
  const f = useFormat();
  const left = invoice.left ?? { lines: [], rates: [] };
  const [quantities, setQuantities] = useState<string[]>(() => invoice.lines.map(() => ''));
  const [sums, setSums] = useState<Sum[]>([]);
  const [head, setHead] = useState({ reason: '', issued_on: today(), number: '' });
  const [refusal, setRefusal] = useState('');
  const [busy, setBusy] = useState(false);
  const set = (name: keyof typeof head) => (event: React.ChangeEvent<HTMLInputElement>) =>
    setHead({ ...head, [name]: event.currentTarget.value });
  const sum = (at: number, to: Partial<Sum>) =>
    setSums(sums.map((one, place) => (place === at ? { ...one, ...to } : one)));
  const rates = left.rates.filter((one) => one.net_minor > 0);
  const rate = (percent?: string | null) => (percent ? `${f.decimal(percent)} %` : t('credit.untaxed'));
  const open = (line: string) => left.lines.find((one) => one.line === line)?.quantity ?? '0';
  const worth = invoice.lines.map((line, at) =>
    quantities[at].trim()
      ? amount({ quantity: quantities[at], unit_price: line.unit_price }, f.digits(invoice.currency))
      : null,
  );
  const given = sums.map((one) => amount({ quantity: '1', unit_price: one.amount }, f.digits(invoice.currency)));
  const net = [...worth, ...given].reduce((all: bigint, one) => all + (one ?? 0n), 0n);
  const isBeyond = invoice.lines.map(
    (line, at) => !!quantities[at].trim() && compare(quantities[at], open(line.line)) !== -1 && compare(quantities[at], open(line.line)) !== 0,
  );
  const isEmpty = quantities.every((one) => !one.trim()) && sums.length === 0;
  const send = async () => {
    setBusy(true);
    try {
      const made = await api.post(`/invoices/${invoice.id}/credit`, {
        revision: invoice.revision,
        reason: head.reason,
        ...(head.issued_on ? { issued_on: head.issued_on } : {}),
        ...(head.number.trim() ? { number: head.number } : {}),
        lines: invoice.lines
          .map((line, at) => ({ line: line.line, quantity: plain(quantities[at]) }))
          .filter((one) => one.quantity),
        amounts: sums.map((one) => ({
          amount: plain(one.amount),
          tax_percent: one.percent || null,
          text: one.text,
        })),
      });
      say.done(t('credit.written', { number: made.number }));
      onDone();
    } catch (fault) {
      setRefusal(told(fault));
      setBusy(false);
    }
  };
  return (
    <Section title={t('credit.write')}>
      <p className={o.lead}>{t('credit.means')}</p>
      <div className={c.fields}>
        <TextInput label={t('fulfil.reason')} value={head.reason} onChange={set('reason')} maxLength={264} required />
        <TextInput type="date" label={t('invoice.issued_on')} value={head.issued_on} onChange={set('issued_on')} required />
        <TextInput
          label={t('credit.number')}
          placeholder={t('invoice.next')}
          value={head.number}
          onChange={set('number')}
          maxLength={22}
        />
      </div>
      <div className={o.scroll}>
        <table className={c.grid}>
          <thead>
            <tr>
              <th scope="col">{t('order.line')}</th>
              <th scope="col">{t('order.product')}</th>
              <th scope="col" data-end>
                {t('credit.left')}
              </th>
              <th scope="col" data-end>
                {t('invoice.unit_price')}
              </th>
              <th scope="col" data-end>
                {t('credit.quantity')}
              </th>
              <th scope="col" data-end>
                {t('field.amount')}
              </th>
            </tr>
          </thead>
          <tbody>
            {invoice.lines.map((line, at) => (
              <tr key={line.line}>
                <th scope="row">{line.line}</th>
                <td>
                  <b>{line.product}</b> {line.description}
                </td>
                <td data-end>
                  {f.decimal(open(line.line))} {line.unit}
                </td>
                <td data-end>{f.price(line.unit_price, invoice.currency)}</td>
                <td>
                  <input
                    data-cell={`${at}-0`}
                    data-end
                    inputMode="decimal"
                    aria-invalid={isBeyond[at] || undefined}
                    aria-label={t('quote.cell', { field: t('credit.quantity'), line: line.line })}
                    value={quantities[at]}
                    onChange={(event) =>
                      setQuantities(quantities.map((one, place) => (place === at ? event.target.value : one)))
                    }
                    onKeyDown={(event) => walk(event, at, 0, invoice.lines.length)}
                  />
                </td>
                <td data-end>{worth[at] === null ? '' : f.money(Number(worth[at]), invoice.currency)}</td>
              </tr>
            ))}
          </tbody>
          <tfoot>
            <tr>
              <td colSpan={5}>{t('invoice.before')}</td>
              <td data-end>
                <b>{f.money(Number(net), invoice.currency)}</b>
              </td>
            </tr>
          </tfoot>
        </table>
      </div>
      {sums.map((one, at) => (
        <div key={at} className={c.charge}>
          <TextInput
            aria-label={t('field.amount')}
            placeholder={t('field.amount')}
            inputMode="decimal"
            value={one.amount}
            onChange={(event) => sum(at, { amount: event.currentTarget.value })}
          />
          <NativeSelect
            aria-label={t('credit.rate')}
            value={one.percent}
            onChange={(event) => sum(at, { percent: event.currentTarget.value })}
            data={rates.map((own) => ({
              value: own.percent ?? '',
              label: t('credit.rate_left', {
                rate: rate(own.percent),
                left: f.money(own.net_minor, invoice.currency),
              }),
            }))}
          />
          <TextInput
            aria-label={t('credit.for')}
            placeholder={t('credit.for')}
            maxLength={80}
            value={one.text}
            onChange={(event) => sum(at, { text: event.currentTarget.value })}
          />
          <ActionIcon
            size={30}
            aria-label={t('credit.drop', { at: at + 1 })}
            onClick={() => setSums(sums.filter((_, place) => place !== at))}
          >
            <X size={14} />
          </ActionIcon>
        </div>
      ))}
      {rates.length > 0 && (
        <Button
          mt="lg"
          size="xs"
          variant="default"
          leftSection={<Plus size={14} aria-hidden />}
          onClick={() => setSums([...sums, { amount: '', percent: rates[0].percent ?? '', text: '' }])}
        >
          {t('credit.add')}
        </Button>
      )}
      {isBeyond.includes(true) && (
        <p role="alert" className={o.refusal}>
          {t('credit.beyond', { line: invoice.lines[isBeyond.indexOf(true)].line })}
        </p>
      )}
      {refusal && (
        <p role="alert" className={o.refusal}>
          {refusal}
        </p>
      )}
      <div className={c.foot}>
        <Button variant="default" onClick={onClose}>
          {t('do.cancel')}
        </Button>
        <Button loading={busy} disabled={!head.reason.trim() || isEmpty || isBeyond.includes(true)} onClick={() => void send()}>
          {t('credit.send')}
        </Button>
      </div>
    </Section>
  );
}
