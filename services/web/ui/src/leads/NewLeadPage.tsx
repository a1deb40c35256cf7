import { Button, Group, NativeSelect, Textarea, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useState, type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { api, Problem } from '../api/client';
import { LEAD_CONSENTS, LEAD_SOURCES, type Lead, type LeadConsent, type LeadSource } from '../api/types';
import { readMinor, useFormat } from '../app/format';
import { CURRENCIES } from '../deals/NewDeal';
import { Failed, Page, Waiting } from '../parts/Page';
import { told } from '../parts/say';
import { keep } from './keep';
import c from './leads.module.css';

/** Writes a lead down, or changes what one says. */
export function NewLeadPage() {
  const { t } = useTranslation();
  const { edit } = useSearch({ from: '/shell/leads/new' });
  const old = useQuery({ queryKey: ['lead', edit], queryFn: () => api.read(`/leads/${edit!}`), enabled: !!edit });
  if (old.error) return <Failed fault={old.error} retry={() => void old.refetch()} />;
  return (
    <Page title={t(edit ? 'lead.change' : 'lead.new')} lead={t('lead.new_lead')}>
      {edit && !old.data ? <Waiting rows={6} /> : <Form key={edit ?? 'new'} old={old.data} />}
    </Page>
  );
}

const TEXTS = [
  ['company', 'lead.company', 200],
  ['domain', 'field.domain', 200],
  ['contact_name', 'lead.contact', 200],
  ['contact_email', 'field.email', 254],
  ['contact_phone', 'field.phone', 60],
  ['city', 'field.city', 100],
  ['region', 'lead.region', 60],
  ['country', 'field.country', 2],
  ['family', 'lead.family', 60],
  ['campaign', 'lead.campaign', 60],
] as const;
type Text = (typeof TEXTS)[number][0];
const TYPES: Partial<Record<Text, string>> = { contact_email: 'email', contact_phone: 'tel', domain: 'url' };

function Form({ old }: { old?: Lead }) {
  const { t } = useTranslation();
  const f = useFormat();
  const navigate = useNavigate();
  const [texts, setTexts] = useState(
    () => Object.fromEntries(TEXTS.map(([name]) => [name, old?.[name] ?? ''])) as Record<Text, string>,
  );
  const [consent, setConsent] = useState<LeadConsent>(old?.consent ?? 'unknown');
  const [source, setSource] = useState<LeadSource>(old?.source ?? 'hand');
  const [note, setNote] = useState(old?.note ?? '');
  const [currency, setCurrency] = useState<string>(old?.currency ?? 'EUR');
  const [amount, setAmount] = useState(() =>
    old?.amount_minor ? String(old.amount_minor / 10 ** f.digits(old.currency ?? 'EUR')) : '',
  );
  const [refusal, setRefusal] = useState<{ field?: string; text: string; twin?: boolean }>();
  const [busy, setBusy] = useState(false);
  const send = async (anyway: boolean) => {
    const minor = amount.trim() ? readMinor(amount, f.digits(currency)) : null;
    if (amount.trim() && minor === null) return setRefusal({ field: 'amount_minor', text: t('problem.amount') });
    setBusy(true);
    const blank = Object.fromEntries(TEXTS.map(([name]) => [name, texts[name].trim() || null]));
    const says = {
      ...blank,
      consent,
      source,
      note: note.trim() || null,
      amount_minor: minor,
      currency: minor === null ? null : currency,
    };
    try {
      const lead = old
        ? await api.patch(`/leads/${old.id}`, says, old.revision)
        : await api.post('/leads', { anyway, ...says });
      keep(lead);
      await navigate({ to: '/leads/$lead', params: { lead: lead.id } });
    } catch (fault) {
      setBusy(false);
      const problem = fault instanceof Problem ? fault : undefined;
      setRefusal({ field: problem?.field, text: told(fault), twin: problem?.slug === 'conflict' });
    }
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    void send(false);
  };
  const error = (field: string) => (refusal?.field === field ? refusal.text : undefined);
  const known = ['amount_minor', 'note', ...TEXTS.map(([name]) => name as string)];
  return (
    <form className={c.form} onSubmit={submit} noValidate>
      <div className={c.pair}>
        {TEXTS.map(([name, word, most]) => (
          <TextInput
            key={name}
            label={t(word)}
            description={name === 'country' ? t('accounts.country_hint') : undefined}
            inputWrapperOrder={['label', 'input', 'description', 'error']}
            type={TYPES[name] === 'url' ? 'text' : TYPES[name]}
            inputMode={TYPES[name] as 'email' | 'tel' | 'url' | undefined}
            value={texts[name]}
            onChange={(event) => {
              const value = event.currentTarget.value;
              setTexts((now) => ({ ...now, [name]: value }));
            }}
            maxLength={most}
            autoComplete="off"
            required={name === 'company'}
            error={error(name)}
          />
        ))}
        <NativeSelect
          label={t('lead.consent')}
          value={consent}
          onChange={(event) => setConsent(event.currentTarget.value as LeadConsent)}
          data={LEAD_CONSENTS.map((value) => ({ value, label: t(`lead.consent.${value}`) }))}
        />
        <NativeSelect
          label={t('lead.source')}
          value={source}
          onChange={(event) => setSource(event.currentTarget.value as LeadSource)}
          data={LEAD_SOURCES.map((value) => ({ value, label: t(`lead.source.${value}`) }))}
        />
        <TextInput
          label={t('lead.amount')}
          value={amount}
          onChange={(event) => setAmount(event.currentTarget.value)}
          inputMode="decimal"
          autoComplete="off"
          error={error('amount_minor')}
        />
        <NativeSelect
          label={t('field.currency')}
          value={currency}
          onChange={(event) => setCurrency(event.currentTarget.value)}
          data={CURRENCIES}
        />
      </div>
      <Textarea
        label={t('lead.note')}
        value={note}
        onChange={(event) => setNote(event.currentTarget.value)}
        autosize
        minRows={2}
        maxLength={2000}
        error={error('note')}
      />
      {refusal && !known.includes(refusal.field ?? '') && (
        <p role="alert" className={c.refusal}>
          {refusal.text}
        </p>
      )}
      <Group justify="flex-end" className={c.send}>
        {refusal?.twin && (
          <Button variant="default" disabled={busy} onClick={() => void send(true)}>
            {t('lead.anyway')}
          </Button>
        )}
        <Button type="submit" loading={busy}>
          {t('do.save')}
        </Button>
      </Group>
    </form>
  );
}
