import { Button, Group, NativeSelect, Textarea, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { QuoteRevision } from '../api/types';
import { useFormat } from '../app/format';
import { Section } from '../parts/Page';
import { told } from '../parts/say';
import { CURRENCIES, blank, toDraft, toLines, type Draft } from './draft';
import { Grid } from './Grid';
import { usePrices } from './prices';
import { deepest, total } from './sums';
import c from './quotes.module.css';

export interface Written {
  currency: string;
  valid_until: string;
  terms: string;
  lines: ReturnType<typeof toLines>;
}

const MONTH_MS = 30 * 86_400_000;

/** What a quote says, while it is written. */
export function Editor({
  from,
  start,
  buyer,
  onSave,
  onSend,
  sendWord,
  onCancel,
}: {
  from?: QuoteRevision;
  start?: Draft[];
  /** Who is to buy, if it is on the hub: its list prices are offered. */
  buyer?: string;
  onSave: (written: Written) => Promise<void>;
  onSend?: (written: Written, deepest: number) => Promise<void>;
  sendWord?: (deepest: number) => string;
  onCancel?: () => void;
}) {
  const { t } = useTranslation();
  const f = useFormat();
  const [drafts, setDrafts] = useState<Draft[]>(() => start ?? from?.lines.map(toDraft) ?? [blank()]);
  const [currency, setCurrency] = useState(from?.currency ?? 'EUR');
  const [until, setUntil] = useState(
    () => from?.valid_until ?? new Date(Date.now() + MONTH_MS).toISOString().slice(0, 10),
  );
  const [terms, setTerms] = useState(from?.terms ?? '');
  const [refusal, setRefusal] = useState('');
  const [busy, setBusy] = useState<'' | 'save' | 'send'>('');
  const products = usePrices(buyer, currency);
  const lines = toLines(drafts);
  const sum = total(lines, f.digits(currency));
  const run = async (which: 'save' | 'send', act: (written: Written) => Promise<void>) => {
    setBusy(which);
    setRefusal('');
    try {
      await act({ currency, valid_until: until, terms, lines });
    } catch (fault) {
      setRefusal(told(fault));
    }
    setBusy('');
  };
  return (
    <Section title={t('quote.lines')}>
      <Grid drafts={drafts} onChange={setDrafts} currency={currency} products={products} />
      <div className={c.sum} aria-live="polite">
        <span>{t('quote.total')}</span>
        <b data-total>{f.money(Number(sum), currency)}</b>
      </div>
      <div className={c.head}>
        <NativeSelect
          label={t('field.currency')}
          value={currency}
          onChange={(event) => setCurrency(event.currentTarget.value)}
          data={CURRENCIES.includes(currency) ? CURRENCIES : [currency, ...CURRENCIES]}
        />
        <TextInput
          label={t('quote.valid_until')}
          type="date"
          value={until}
          onChange={(event) => setUntil(event.currentTarget.value)}
        />
        <Textarea
          className={c.terms}
          label={t('quote.terms')}
          value={terms}
          onChange={(event) => setTerms(event.currentTarget.value)}
          autosize
          minRows={2}
          maxLength={2000}
        />
      </div>
      {refusal && (
        <p role="alert" className={c.refusal}>
          {refusal}
        </p>
      )}
      <Group justify="flex-end" gap="xs">
        {onCancel && (
          <Button variant="subtle" onClick={onCancel}>
            {t('do.cancel')}
          </Button>
        )}
        <Button variant="default" loading={busy === 'save'} disabled={!until} onClick={() => void run('save', onSave)}>
          {t('quote.save')}
        </Button>
        {onSend && (
          <Button
            loading={busy === 'send'}
            disabled={!until || lines.length === 0}
            onClick={() => void run('send', (written) => onSend(written, deepest(lines)))}
          >
            {sendWord?.(deepest(lines)) ?? t('quote.send')}
          </Button>
        )}
      </Group>
    </Section>
  );
}
