import { ActionIcon, Button, NativeSelect, TextInput } from '@mantine/core';
import { Plus, X } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '../api/client';
import type { Order, PackageKind } from '../api/types';
import { useFormat } from '../app/format';
import { queries } from '../app/queries';
import { Section } from '../parts/Page';
import { say, told } from '../parts/say';
import { plain } from '../quotes/sums';
import { today, walk } from './cells';
import o from '../orders/orders.module.css';
import c from './fulfilment.module.css';

const KINDS: PackageKind[] = ['carton', 'pallet', 'box', 'case', 'crate', 'drum', 'bag'];

/** A dispatch advice: what is open is there already, and every number can be changed. */
export function ShipForm({ order, onClose }: { order: Order; onClose: () => void }) {
  const { t } = useTranslation();
  const f = useFormat();
  const lines = order.fulfilment.lines.filter((line) => line.confirmed !== '0');
  const [head, setHead] = useState({
    number: '',
    sent_on: today(),
    expected_on: '',
    carrier: '',
    tracking: '',
    note: '',
    over_percent: '',
  });
  const [parts, setParts] = useState(() => lines.map((line) => ({ quantity: line.open, package: '' })));
  const [packages, setPackages] = useState<{ kind: PackageKind; sscc: string }[]>([]);
  const [refusal, setRefusal] = useState('');
  const [busy, setBusy] = useState(false);
  const set = (name: keyof typeof head) => (event: React.ChangeEvent<HTMLInputElement>) =>
    setHead({ ...head, [name]: event.currentTarget.value });
  const part = (at: number, to: Partial<(typeof parts)[number]>) =>
    setParts(parts.map((one, place) => (place === at ? { ...one, ...to } : one)));
  const pack = (at: number, to: Partial<(typeof packages)[number]>) =>
    setPackages(packages.map((one, place) => (place === at ? { ...one, ...to } : one)));
  const drop = (at: number) => {
    setPackages(packages.filter((_, place) => place !== at));
    setParts(
      parts.map((one) => {
        const was = Number(one.package);
        return { ...one, package: was === at + 1 ? '' : was > at + 1 ? String(was - 1) : one.package };
      }),
    );
  };
  const send = async () => {
    setBusy(true);
    const { number, expected_on, over_percent, ...rest } = head;
    const sent = lines.map((line, at) => ({
      line: line.line,
      quantity: plain(parts[at].quantity),
      ...(parts[at].package ? { package: Number(parts[at].package) } : {}),
    }));
    try {
      const made = await api.post(`/orders/${order.id}/shipments`, {
        revision: order.revision,
        ...rest,
        ...(number.trim() ? { number } : {}),
        ...(expected_on ? { expected_on } : {}),
        ...(over_percent.trim() ? { over_percent: plain(over_percent) } : {}),
        packages: packages.map(({ kind, sscc }) => ({ kind, ...(sscc.trim() ? { sscc } : {}) })),
        lines: sent.filter((one) => one.quantity && !/^0*\.?0*$/.test(one.quantity)),
      });
      for (const key of ['order', 'orders', 'deal', 'interchanges'])
        void queries.invalidateQueries({ queryKey: [key] });
      say.done(t('shipment.written', { number: made.number }));
      onClose();
    } catch (fault) {
      setRefusal(told(fault));
      setBusy(false);
    }
  };
  return (
    <Section title={t('shipment.write')}>
      <div className={c.fields}>
        <TextInput type="date" label={t('shipment.sent_on')} value={head.sent_on} onChange={set('sent_on')} required />
        <TextInput type="date" label={t('shipment.expected_on')} value={head.expected_on} onChange={set('expected_on')} />
        <TextInput label={t('shipment.carrier')} value={head.carrier} onChange={set('carrier')} maxLength={35} />
        <TextInput label={t('shipment.tracking')} value={head.tracking} onChange={set('tracking')} maxLength={30} />
        <TextInput
          label={t('shipment.number')}
          placeholder={t('fulfil.given')}
          value={head.number}
          onChange={set('number')}
          maxLength={22}
        />
        <TextInput
          label={t('shipment.over')}
          description={t('shipment.over_means')}
          inputWrapperOrder={['label', 'input', 'description', 'error']}
          inputMode="decimal"
          value={head.over_percent}
          onChange={set('over_percent')}
        />
      </div>
      <h3 className={c.sub}>{t('shipment.packages')}</h3>
      {packages.map((one, at) => (
        <div key={at} className={c.package}>
          <NativeSelect
            aria-label={t('shipment.package_kind', { at: at + 1 })}
            value={one.kind}
            onChange={(event) => pack(at, { kind: event.currentTarget.value as PackageKind })}
            data={KINDS.map((value) => ({ value, label: `${at + 1} · ${t(`shipment.kind.${value}`)}` }))}
          />
          <TextInput
            aria-label={t('shipment.sscc_of', { at: at + 1 })}
            placeholder={t('shipment.sscc')}
            inputMode="numeric"
            value={one.sscc}
            onChange={(event) => pack(at, { sscc: event.currentTarget.value })}
          />
          <ActionIcon size={30} aria-label={t('shipment.drop_package', { at: at + 1 })} onClick={() => drop(at)}>
            <X size={14} />
          </ActionIcon>
        </div>
      ))}
      <Button
        size="xs"
        variant="default"
        leftSection={<Plus size={14} aria-hidden />}
        onClick={() => {
          setPackages([...packages, { kind: 'carton', sscc: '' }]);
          if (packages.length === 0) setParts(parts.map((one) => ({ ...one, package: '1' })));
        }}
      >
        {t('shipment.add_package')}
      </Button>
      <h3 className={c.sub}>{t('order.lines')}</h3>
      <div className={o.scroll}>
        <table className={c.grid}>
          <thead>
            <tr>
              <th scope="col">{t('order.line')}</th>
              <th scope="col">{t('order.product')}</th>
              <th scope="col" data-end>
                {t('fulfil.open')}
              </th>
              <th scope="col" data-end>
                {t('shipment.now')}
              </th>
              {packages.length > 0 && <th scope="col">{t('shipment.package')}</th>}
            </tr>
          </thead>
          <tbody>
            {lines.map((line, at) => (
              <tr key={line.line}>
                <th scope="row">{line.line}</th>
                <td>
                  <b>{line.product}</b> {line.description}
                </td>
                <td data-end>
                  {f.decimal(line.open)} {line.unit}
                </td>
                <td>
                  <input
                    data-cell={`${at}-0`}
                    data-end
                    inputMode="decimal"
                    aria-label={t('shipment.quantity_of', { line: line.line })}
                    value={parts[at].quantity}
                    onChange={(event) => part(at, { quantity: event.currentTarget.value })}
                    onKeyDown={(event) => walk(event, at, 0, lines.length)}
                  />
                </td>
                {packages.length > 0 && (
                  <td>
                    <NativeSelect
                      size="xs"
                      variant="unstyled"
                      aria-label={t('shipment.package_of', { line: line.line })}
                      value={parts[at].package}
                      onChange={(event) => part(at, { package: event.currentTarget.value })}
                      data={['', ...packages.map((_, place) => String(place + 1))]}
                    />
                  </td>
                )}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <TextInput className={c.note} label={t('order.note')} value={head.note} onChange={set('note')} maxLength={264} />
      <p className={o.lead}>{t('shipment.makes')}</p>
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
          {t('shipment.send')}
        </Button>
      </div>
    </Section>
  );
}
