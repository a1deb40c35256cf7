import { ActionIcon, Button } from '@mantine/core';
import { Plus, X } from 'lucide-react';
import { useId, type ClipboardEvent, type KeyboardEvent } from 'react';
import { useTranslation } from 'react-i18next';
import type { PricedProduct } from '../api/types';
import { useFormat } from '../app/format';
import { blank, COLUMNS, isBlank, over, pasted, type Draft } from './draft';
import { below, priceAt, productOf, written } from './prices';
import { amount } from './sums';
import c from './quotes.module.css';

const NUMBERS = ['quantity', 'unit_price', 'price_per', 'discount'];

/** Lines as in a spreadsheet: Enter and arrows walk, rows are pasted, the amount is told at once. */
export function Grid({
  drafts,
  onChange,
  currency,
  priced = true,
  hoped = false,
  without = [],
  products = [],
}: {
  drafts: Draft[];
  onChange: (drafts: Draft[]) => void;
  currency: string;
  priced?: boolean;
  /** Its prices are what a buyer hopes for: in no currency, so they come to nothing yet. */
  hoped?: boolean;
  /** Columns that stand in none of its lines. */
  without?: (keyof Draft)[];
  /** What can be chosen, with what it costs the buyer. */
  products?: PricedProduct[];
}) {
  const { t, i18n } = useTranslation();
  const choices = useId();
  const f = useFormat();
  const gone: string[] = priced ? without : ['unit_price', 'price_per', 'discount'];
  const columns = COLUMNS.filter((name) => !gone.includes(name));
  const set = (at: number, to: Partial<Draft>) =>
    onChange(drafts.map((draft, place) => (place === at ? written(products, draft, to, i18n.language) : draft)));
  const go = (line: number, column: number) =>
    requestAnimationFrame(() => {
      const cell = document.querySelector<HTMLInputElement>(`[data-cell="${line}-${column}"]`);
      cell?.focus();
      cell?.select();
    });
  const onKey = (event: KeyboardEvent, line: number, column: number) => {
    if (event.nativeEvent.isComposing) return;
    if (event.key === 'ArrowUp' && line > 0) go(line - 1, column);
    else if (event.key === 'ArrowDown' && line < drafts.length - 1) go(line + 1, column);
    else if (event.key === 'Enter') {
      if (line === drafts.length - 1 && !isBlank(drafts[line])) onChange([...drafts, blank()]);
      go(line + 1, 0);
    } else return;
    event.preventDefault();
  };
  const onPaste = (event: ClipboardEvent, line: number, column: number) => {
    const rows = pasted(event.clipboardData.getData('text/plain'));
    if (!rows) return;
    event.preventDefault();
    onChange(over(drafts, rows, line, column, columns));
  };
  return (
    <>
      <div className={c.scroll}>
        <table className={c.grid}>
          <thead>
            <tr>
              <th scope="col">#</th>
              {columns.map((name) => (
                <th key={name} scope="col" data-end={NUMBERS.includes(name) || undefined}>
                  {hoped && name === 'unit_price' ? t('rfq.hoped') : t(`quote.${name}`)}
                </th>
              ))}
              {priced && !hoped && (
                <th scope="col" data-end>
                  {t('field.amount')}
                </th>
              )}
              <th scope="col">
                <span className={c.unseen}>{t('quote.drop')}</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {drafts.map((draft, line) => {
              const worth = amount({ ...draft, price_per: Number(draft.price_per) || 1 }, f.digits(currency));
              return (
                <tr key={line}>
                  <th scope="row">{line + 1}</th>
                  {columns.map((name, column) => (
                    <td key={name} data-column={name}>
                      <input
                        data-cell={`${line}-${column}`}
                        aria-label={t('quote.cell', { field: t(`quote.${name}`), line: line + 1 })}
                        type={name === 'deliver_on' ? 'date' : 'text'}
                        inputMode={NUMBERS.includes(name) ? 'decimal' : undefined}
                        data-end={NUMBERS.includes(name) || undefined}
                        list={name === 'product' && products.length > 0 ? choices : undefined}
                        value={draft[name]}
                        onChange={(event) => set(line, { [name]: event.currentTarget.value })}
                        onKeyDown={(event) => onKey(event, line, column)}
                        onPaste={(event) => onPaste(event, line, column)}
                      />
                      {name === 'unit_price' && (
                        <ListPrice draft={draft} products={products} currency={currency} />
                      )}
                    </td>
                  ))}
                  {priced && !hoped && (
                    <td className={c.worth}>{worth === null ? '' : f.money(Number(worth), currency)}</td>
                  )}
                  <td>
                    <ActionIcon
                      size={26}
                      aria-label={t('quote.drop_line', { line: line + 1 })}
                      onClick={() =>
                        onChange(drafts.length > 1 ? drafts.filter((_, place) => place !== line) : [blank()])
                      }
                    >
                      <X size={14} />
                    </ActionIcon>
                  </td>
                </tr>
              );
            })}
          </tbody>
        </table>
      </div>
      {products.length > 0 && (
        <datalist id={choices}>
          {products.map((one) => (
            <option key={one.product} value={one.sku}>
              {one.names[i18n.language] ?? Object.values(one.names)[0]}
            </option>
          ))}
        </datalist>
      )}
      <div className={c.under}>
        <Button
          size="xs"
          variant="default"
          leftSection={<Plus size={14} aria-hidden />}
          onClick={() => {
            onChange([...drafts, blank()]);
            go(drafts.length, 0);
          }}
        >
          {t('quote.add_line')}
        </Button>
        <small>{t('quote.paste')}</small>
      </div>
    </>
  );
}

/** What the list has for this line, and how far the line is from it. */
function ListPrice({ draft, products, currency }: { draft: Draft; products: PricedProduct[]; currency: string }) {
  const { t } = useTranslation();
  const f = useFormat();
  const product = productOf(products, draft.product);
  const list = product && product.unit === draft.unit && priceAt(product.prices, draft.quantity);
  if (!list) return null;
  const off = below(list, draft);
  const price = `${f.decimal(list.unit_price)} ${currency}${list.price_per === 1 ? '' : ` / ${list.price_per}`}`;
  return (
    <small className={c.listed}>
      {off !== null && Math.abs(off) >= 0.05
        ? t('quote.list_price_off', { price, percent: f.decimal((-off).toFixed(1)) })
        : t('quote.list_price', { price })}
    </small>
  );
}
