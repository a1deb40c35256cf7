import { ActionIcon, Button, Group, Modal, NativeSelect, Stack, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Plus, X } from 'lucide-react';
import { useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '../api/client';
import type { PriceListWhole } from '../api/types';
import { queries, useCan } from '../app/queries';
import { say, told } from '../parts/say';
import { pasted } from '../quotes/draft';
import { plain } from '../quotes/sums';
import c from './catalogue.module.css';
import { nameOf } from './names';

const COLUMNS = ['sku', 'from', 'unit_price', 'price_per'] as const;
type Row = Record<(typeof COLUMNS)[number], string>;
const BLANK: Row = { sku: '', from: '1', unit_price: '', price_per: '1' };
/** Stands in the choice of partners for those of a tier. */
const TIER = 'tier';
const CURRENCIES = ['EUR', 'USD', 'GBP', 'CHF', 'SEK', 'NOK', 'DKK', 'PLN', 'CZK', 'JPY', 'CNY'];

/** A price list with its prices in a grid; rows of a spreadsheet can be pasted into it. */
export function PriceListForm({ list, onClose }: { list?: PriceListWhole; onClose: () => void }) {
  const { t, i18n } = useTranslation();
  const fixed = !useCan()('product.write');
  const choices = useId();
  const products = useQuery({
    queryKey: ['products', 'all'],
    queryFn: () => api.read('/products', { limit: 200, inactive: true }),
  });
  const partners = useQuery({ queryKey: ['partnerships'], queryFn: () => api.read('/partnerships') });
  const [name, setName] = useState(list?.name ?? '');
  const [currency, setCurrency] = useState<string>(list?.currency ?? 'EUR');
  const [whom, setWhom] = useState<string>(list?.tier ? TIER : (list?.buyer?.id ?? ''));
  const [tier, setTier] = useState(list?.tier ?? '');
  const [from, setFrom] = useState<string>(list?.valid_from ?? new Date().toISOString().slice(0, 10));
  const [to, setTo] = useState<string>(list?.valid_to ?? '');
  const [rows, setRows] = useState<Row[]>(
    () =>
      list?.rows.map((row) => ({
        sku: row.sku,
        from: row.from,
        unit_price: row.unit_price,
        price_per: String(row.price_per ?? 1),
      })) ?? [BLANK],
  );
  const [refusal, setRefusal] = useState('');
  const known = new Map((products.data?.items ?? []).map((one) => [one.sku.toLowerCase(), one.id]));
  for (const row of list?.rows ?? []) known.set(row.sku.toLowerCase(), row.product);
  const save = async () => {
    const said = rows.filter((row) => row.sku.trim());
    const stranger = said.find((row) => !known.has(row.sku.trim().toLowerCase()));
    if (stranger) return setRefusal(t('prices.no_product', { sku: stranger.sku }));
    const words = {
      name,
      currency,
      buyer: whom && whom !== TIER ? whom : null,
      tier: whom === TIER ? tier : null,
      valid_from: from,
      valid_to: to || null,
      prices: said.map((row) => ({
        product: known.get(row.sku.trim().toLowerCase())!,
        from: plain(row.from),
        unit_price: plain(row.unit_price),
        price_per: Number(plain(row.price_per) || '1'),
      })),
    };
    try {
      if (list) await api.put(`/price-lists/${list.id}`, { revision: list.revision, list: words });
      else await api.post('/price-lists', words);
      for (const key of ['price-lists', 'price-list', 'prices'])
        void queries.invalidateQueries({ queryKey: [key] });
      say.done(t('prices.saved', { name }));
      onClose();
    } catch (fault) {
      setRefusal(told(fault));
    }
  };
  const set = (at: number, change: Partial<Row>) =>
    setRows(rows.map((row, place) => (place === at ? { ...row, ...change } : row)));
  const paste = (text: string, at: number, column: number) => {
    const cells = pasted(text);
    if (!cells) return false;
    const next = rows.map((row) => ({ ...row }));
    cells.forEach((line, down) => {
      const row = (next[at + down] ??= { ...BLANK });
      line.forEach((cell, across) => {
        const name = COLUMNS[column + across];
        if (name) row[name] = cell;
      });
    });
    setRows(next);
    return true;
  };
  return (
    <Modal
      opened
      size="lg"
      onClose={onClose}
      title={list ? list.name : t('prices.new_list')}
      closeButtonProps={{ 'aria-label': t('do.close') }}
    >
      <Stack gap="sm">
        <TextInput
          label={t('prices.name')}
          value={name}
          maxLength={80}
          readOnly={fixed}
          data-autofocus
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <div className={c.pair}>
          <NativeSelect
            label={t('prices.for')}
            value={whom}
            disabled={fixed}
            onChange={(event) => setWhom(event.currentTarget.value)}
            data={[
              { value: '', label: t('prices.for_all') },
              { value: TIER, label: t('prices.for_tier') },
              ...(partners.data?.items ?? [])
                .filter((one) => one.partner.id && ['active', 'ending'].includes(one.state))
                .map((one) => ({ value: one.partner.id!, label: one.partner.name })),
            ]}
          />
          {whom === TIER && (
            <TextInput
              label={t('prices.tier')}
              value={tier}
              maxLength={40}
              readOnly={fixed}
              onChange={(event) => setTier(event.currentTarget.value)}
            />
          )}
          <NativeSelect
            label={t('field.currency')}
            value={currency}
            disabled={fixed}
            onChange={(event) => setCurrency(event.currentTarget.value)}
            data={CURRENCIES.includes(currency) ? CURRENCIES : [currency, ...CURRENCIES]}
          />
          <TextInput
            label={t('prices.valid_from')}
            type="date"
            value={from}
            readOnly={fixed}
            onChange={(event) => setFrom(event.currentTarget.value)}
          />
          <TextInput
            label={t('prices.valid_to')}
            type="date"
            value={to}
            readOnly={fixed}
            onChange={(event) => setTo(event.currentTarget.value)}
          />
        </div>
        <div className={c.scroll} tabIndex={0} role="group" aria-label={t('prices.of_products')}>
          <table className={c.table}>
            <thead>
              <tr>
                {COLUMNS.map((column) => (
                  <th key={column} scope="col">
                    {t(`prices.column.${column}`)}
                  </th>
                ))}
                <th scope="col" aria-label={t('quote.drop')} />
              </tr>
            </thead>
            <tbody>
              {rows.map((row, at) => (
                <tr key={at}>
                  {COLUMNS.map((column, place) => (
                    <td key={column}>
                      <input
                        aria-label={t('quote.cell', { field: t(`prices.column.${column}`), line: at + 1 })}
                        list={column === 'sku' ? choices : undefined}
                        inputMode={column === 'sku' ? undefined : 'decimal'}
                        readOnly={fixed}
                        value={row[column]}
                        onChange={(event) => set(at, { [column]: event.currentTarget.value })}
                        onPaste={(event) => {
                          if (paste(event.clipboardData.getData('text/plain'), at, place)) event.preventDefault();
                        }}
                      />
                    </td>
                  ))}
                  <td>
                    {!fixed && (
                      <ActionIcon
                        size={26}
                        aria-label={t('quote.drop_line', { line: at + 1 })}
                        onClick={() => setRows(rows.length > 1 ? rows.filter((_, place) => place !== at) : [BLANK])}
                      >
                        <X size={14} />
                      </ActionIcon>
                    )}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
        <datalist id={choices}>
          {(products.data?.items ?? []).map((one) => (
            <option key={one.id} value={one.sku}>
              {nameOf(one.names, i18n.language)}
            </option>
          ))}
        </datalist>
        {refusal && (
          <p role="alert" className={c.refusal}>
            {refusal}
          </p>
        )}
        {!fixed && (
          <Group justify="space-between" gap="xs">
            <Button
              size="xs"
              variant="default"
              leftSection={<Plus size={14} aria-hidden />}
              onClick={() => setRows([...rows, BLANK])}
            >
              {t('prices.add_row')}
            </Button>
            <Group gap="xs">
              <Button variant="default" onClick={onClose}>
                {t('do.cancel')}
              </Button>
              <Button disabled={!name.trim() || !from || (whom === TIER && !tier.trim())} onClick={() => void save()}>
                {t('do.save')}
              </Button>
            </Group>
          </Group>
        )}
      </Stack>
    </Modal>
  );
}
