import { Button, Group, NativeSelect, Textarea, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { useState, type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '../api/client';
import { ACTIVITIES, type FundActivity, type FundPart, type FundRequest } from '../api/types';
import { readMinor, useFormat } from '../app/format';
import { queries } from '../app/queries';
import { Failed, Page, Waiting } from '../parts/Page';
import { told } from '../parts/say';
import { Money } from './Money';
import c from './funds.module.css';

/** What we want to do, what it costs, and what of that the fund is to pay. Made for a thumb. */
export function AskPage() {
  const { t } = useTranslation();
  const { allocation } = useParams({ from: '/shell/funds/ask/$allocation' });
  const { edit } = useSearch({ from: '/shell/funds/ask/$allocation' });
  const part = useQuery({
    queryKey: ['fund-parts', allocation],
    queryFn: () => api.read(`/fund-allocations/${allocation}`),
  });
  const old = useQuery({
    queryKey: ['fund-request', edit],
    queryFn: () => api.read(`/fund-requests/${edit!}`),
    enabled: !!edit,
  });
  const fault = part.error ?? old.error;
  if (fault) return <Failed fault={fault} retry={() => void part.refetch()} />;
  if (!part.data || (edit && !old.data))
    return (
      <Page title={t('fund.ask')}>
        <Waiting rows={6} />
      </Page>
    );
  return <Form key={edit ?? 'new'} part={part.data} old={old.data} />;
}

function Form({ part, old }: { part: FundPart; old?: FundRequest }) {
  const { t } = useTranslation();
  const f = useFormat();
  const navigate = useNavigate();
  const digits = f.digits(part.currency);
  const typed = (minor?: number) => (minor === undefined ? '' : String(minor / 10 ** digits));
  const [form, setForm] = useState({
    title: old?.title ?? '',
    kind: old?.kind ?? ('event' as FundActivity),
    starts_on: old?.starts_on ?? '',
    ends_on: old?.ends_on ?? '',
    note: old?.note ?? '',
  });
  const [cost, setCost] = useState(typed(old?.cost_minor));
  const [asked, setAsked] = useState(typed(old?.asked_minor));
  const [refusal, setRefusal] = useState('');
  const [busy, setBusy] = useState(false);
  const set = (next: Partial<typeof form>) => setForm((now) => ({ ...now, ...next }));
  const costs = readMinor(cost, digits);
  const most = Math.min(
    costs === null || !cost.trim() ? Number.MAX_SAFE_INTEGER : Math.floor((costs * part.share_percent) / 100),
    part.rest_minor + (old?.state === 'action_required' ? old.asked_minor : 0),
  );
  const send = async (submit: boolean) => {
    const asks = readMinor(asked, digits);
    if (costs === null || asks === null) return setRefusal(t('problem.amount'));
    setBusy(true);
    try {
      const says = { ...form, ends_on: form.ends_on || form.starts_on, cost_minor: costs, asked_minor: asks };
      let made: FundRequest;
      if (old) {
        made = await api.patch(`/fund-requests/${old.id}`, says, old.revision);
        if (submit)
          made = await api.post(`/fund-requests/${old.id}/moves`, { move: 'submit', revision: made.revision });
      } else made = await api.post('/fund-requests', { allocation: part.id, submit, ...says });
      queries.setQueryData(['fund-request', made.id], made);
      for (const key of ['fund-requests', 'fund-parts']) void queries.invalidateQueries({ queryKey: [key] });
      await navigate({ to: '/fund-requests/$request', params: { request: made.id } });
    } catch (fault) {
      setRefusal(told(fault));
      setBusy(false);
    }
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    void send(true);
  };
  const whole = form.title.trim() && form.starts_on && cost.trim() && asked.trim();
  return (
    <Page
      title={t('fund.ask')}
      lead={t('fund.ask_lead', {
        fund: part.name,
        rest: f.money(part.rest_minor, part.currency),
        share: f.percent(part.share_percent * 100),
      })}
    >
      <form className={c.form} onSubmit={submit} noValidate>
        <TextInput
          size="md"
          label={t('fund.activity')}
          value={form.title}
          onChange={(event) => set({ title: event.currentTarget.value })}
          maxLength={160}
          autoComplete="off"
        />
        <NativeSelect
          size="md"
          label={t('fund.kind')}
          value={form.kind}
          onChange={(event) => set({ kind: event.currentTarget.value as FundActivity })}
          data={ACTIVITIES.map((value) => ({ value, label: t(`fund.kind.${value}`) }))}
        />
        <div className={c.pair}>
          <TextInput
            size="md"
            type="date"
            label={t('fund.from')}
            value={form.starts_on}
            min={part.starts_on}
            max={part.ends_on}
            onChange={(event) => set({ starts_on: event.currentTarget.value })}
          />
          <TextInput
            size="md"
            type="date"
            label={t('fund.to')}
            value={form.ends_on}
            min={form.starts_on || part.starts_on}
            max={part.ends_on}
            onChange={(event) => set({ ends_on: event.currentTarget.value })}
          />
          <Money label={t('fund.cost')} value={cost} onChange={setCost} currency={part.currency} />
          <Money
            label={t('fund.asked')}
            value={asked}
            onChange={setAsked}
            currency={part.currency}
            hint={cost.trim() ? t('fund.at_most', { amount: f.money(most, part.currency) }) : undefined}
          />
        </div>
        <Textarea
          size="md"
          label={t('fund.note')}
          value={form.note}
          onChange={(event) => set({ note: event.currentTarget.value })}
          autosize
          minRows={2}
          maxLength={4000}
        />
        {refusal && (
          <p role="alert" className={c.refusal}>
            {refusal}
          </p>
        )}
        <Group justify="flex-end">
          <Button size="md" variant="default" disabled={busy || !whole} onClick={() => void send(false)}>
            {t('fund.save')}
          </Button>
          <Button size="md" type="submit" loading={busy} disabled={!whole}>
            {t('fund.do.submit')}
          </Button>
        </Group>
      </form>
    </Page>
  );
}
