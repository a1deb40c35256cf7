import { Button, Chip, Group, NativeSelect, Textarea, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { Stamp } from 'lucide-react';
import { useEffect, useState, type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { api, Problem } from '../api/client';
import { KEY_SCHEMES, type KeyScheme, type Registration, type RegistrationVendor } from '../api/types';
import { readMinor, useFormat } from '../app/format';
import { useMe } from '../app/queries';
import { CURRENCIES } from '../deals/NewDeal';
import { Empty, Failed, Page, Waiting } from '../parts/Page';
import { say, told } from '../parts/say';
import { blank, drafted, keepDraft, kept, months, says, type Draft } from './draft';
import { keep } from './keep';
import c from './registrations.module.css';

/** Five fields, made for a thumb: customer, key, what, where, how much and when. */
export function RegisterPage() {
  const { t } = useTranslation();
  const { edit } = useSearch({ from: '/shell/registrations/new' });
  const vendors = useQuery({
    queryKey: ['registration-vendors'],
    queryFn: () => api.read('/registration-vendors'),
  });
  const old = useQuery({
    queryKey: ['registration', edit],
    queryFn: () => api.read(`/registrations/${edit!}`),
    enabled: !!edit,
  });
  const fault = vendors.error ?? old.error;
  if (fault) return <Failed fault={fault} retry={() => void vendors.refetch()} />;
  if (!vendors.data || (edit && !old.data))
    return (
      <Page title={t('registration.new')}>
        <Waiting rows={6} />
      </Page>
    );
  if (vendors.data.items.length === 0)
    return <Empty icon={Stamp} title={t('registration.no_vendor')} text={t('registration.no_vendor_text')} />;
  return <Form key={edit ?? 'new'} vendors={vendors.data.items} old={old.data} />;
}

function Form({ vendors, old }: { vendors: RegistrationVendor[]; old?: Registration }) {
  const { t } = useTranslation();
  const f = useFormat();
  const me = useMe();
  const navigate = useNavigate();
  const [draft, setDraft] = useState<Draft>(() =>
    old ? drafted(old, f.digits) : (kept(me.organisation.id) ?? blank()),
  );
  const [refusal, setRefusal] = useState<{ field?: string; text: string }>();
  const [busy, setBusy] = useState(false);
  const one = vendors.find((it) => it.vendor.id === draft.vendor) ?? vendors[0];
  const set = (next: Partial<Draft>) => setDraft((now) => ({ ...now, ...next }));
  useEffect(() => {
    if (!old) keepDraft(me.organisation.id, draft);
  }, [draft, me.organisation.id, old]);

  const send = async (submit: boolean) => {
    const amount = draft.amount.trim() ? readMinor(draft.amount, f.digits(draft.currency)) : null;
    if (draft.amount.trim() && amount === null)
      return setRefusal({ field: 'amount_minor', text: t('problem.amount') });
    setBusy(true);
    try {
      let made: Registration;
      if (old) {
        made = await api.patch(`/registrations/${old.id}`, says(draft, amount), old.revision);
        keep(made);
        if (submit)
          made = await api.post(`/registrations/${old.id}/moves`, { move: 'submit', revision: made.revision });
      } else {
        made = await api.post('/registrations', { vendor: one.vendor.id, submit, ...says(draft, amount) });
        keepDraft(me.organisation.id, undefined);
      }
      keep(made);
      say.done(t(submit ? 'registration.sent' : 'registration.saved'));
      await navigate({ to: '/registrations/$registration', params: { registration: made.id } });
    } catch (fault) {
      setBusy(false);
      const lost = fault instanceof TypeError;
      setRefusal({
        field: fault instanceof Problem ? fault.field : undefined,
        text: lost ? t('registration.offline') : told(fault),
      });
    }
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    void send(true);
  };
  const error = (field: string) => (refusal?.field === field ? refusal.text : undefined);
  const known = ['customer', 'key', 'families', 'territories', 'amount_minor', 'close_month'];
  return (
    <Page
      title={t('registration.new')}
      lead={t('registration.new_lead', { vendor: one.vendor.name, hours: one.answer_hours, days: one.protect_days })}
    >
      <form className={c.form} onSubmit={submit} noValidate>
        {vendors.length > 1 && !old && (
          <NativeSelect
            size="md"
            label={t('registration.vendor')}
            value={one.vendor.id}
            onChange={(event) => set({ vendor: event.currentTarget.value, families: [], territories: [] })}
            data={vendors.map((it) => ({ value: it.vendor.id, label: it.vendor.name }))}
          />
        )}
        <TextInput
          size="md"
          label={t('registration.customer')}
          value={draft.customer}
          onChange={(event) => set({ customer: event.currentTarget.value })}
          maxLength={200}
          autoComplete="off"
          enterKeyHint="next"
          error={error('customer')}
        />
        <Key draft={draft} set={set} error={error('key')} />
        <Choose
          label={t('registration.families')}
          words={one.families}
          value={draft.families}
          onChange={(families) => set({ families })}
          error={error('families')}
        />
        <Choose
          label={t('registration.territories')}
          words={one.territories}
          value={draft.territories}
          onChange={(territories) => set({ territories })}
          error={error('territories')}
        />
        <Worth draft={draft} set={set} error={error} />
        <Textarea
          size="md"
          label={t('registration.note')}
          value={draft.note}
          onChange={(event) => set({ note: event.currentTarget.value })}
          autosize
          minRows={2}
          maxLength={2000}
        />
        {refusal && !known.includes(refusal.field ?? '') && (
          <p role="alert" className={c.refusal}>
            {refusal.text}
          </p>
        )}
        <Group justify="flex-end" className={c.send}>
          <Button size="md" variant="default" disabled={busy} onClick={() => void send(false)}>
            {t('registration.save')}
          </Button>
          <Button size="md" type="submit" loading={busy}>
            {t('registration.submit')}
          </Button>
        </Group>
      </form>
    </Page>
  );
}

interface Part {
  draft: Draft;
  set: (next: Partial<Draft>) => void;
}

/** The keyboard that suits each kind of key. */
const KEYBOARD: Record<KeyScheme, 'url' | 'text' | 'numeric'> = {
  domain: 'url',
  vat: 'text',
  gln: 'numeric',
  duns: 'numeric',
};

function Key({ draft, set, error }: Part & { error?: string }) {
  const { t } = useTranslation();
  return (
    <div className={c.pair} data-key>
      <NativeSelect
        size="md"
        label={t('registration.key_scheme')}
        value={draft.key_scheme}
        onChange={(event) => set({ key_scheme: event.currentTarget.value as KeyScheme })}
        data={KEY_SCHEMES.map((value) => ({ value, label: t(`registration.key.${value}`) }))}
      />
      <TextInput
        size="md"
        label={t(`registration.key.${draft.key_scheme}`)}
        value={draft.key}
        onChange={(event) => set({ key: event.currentTarget.value })}
        inputMode={KEYBOARD[draft.key_scheme]}
        autoCapitalize={draft.key_scheme === 'vat' ? 'characters' : 'none'}
        autoCorrect="off"
        autoComplete="off"
        spellCheck={false}
        maxLength={200}
        placeholder={t(`registration.key_like.${draft.key_scheme}`)}
        error={error}
      />
    </div>
  );
}

function Worth({ draft, set, error }: Part & { error: (field: string) => string | undefined }) {
  const { t, i18n } = useTranslation();
  const month = (text: string) =>
    new Intl.DateTimeFormat(i18n.language, { month: 'long', year: 'numeric', timeZone: 'UTC' }).format(
      new Date(`${text}-01T00:00:00Z`),
    );
  return (
    <div className={c.worth}>
      <TextInput
        size="md"
        label={t('registration.amount')}
        value={draft.amount}
        onChange={(event) => set({ amount: event.currentTarget.value })}
        inputMode="decimal"
        autoComplete="off"
        error={error('amount_minor')}
      />
      <NativeSelect
        size="md"
        label={t('field.currency')}
        value={draft.currency}
        onChange={(event) => set({ currency: event.currentTarget.value })}
        data={CURRENCIES}
      />
      <NativeSelect
        size="md"
        label={t('registration.close_month')}
        value={draft.close_month}
        onChange={(event) => set({ close_month: event.currentTarget.value })}
        data={[
          { value: '', label: '–' },
          ...months(new Date(), 24).map((value) => ({ value, label: month(value) })),
        ]}
        error={error('close_month')}
      />
    </div>
  );
}

/** A few words of the vendor's list, each one tap away. */
function Choose({
  label,
  words,
  value,
  onChange,
  error,
}: {
  label: string;
  words: string[];
  value: string[];
  onChange: (next: string[]) => void;
  error?: string;
}) {
  return (
    <fieldset className={c.choose}>
      <legend>{label}</legend>
      <Chip.Group multiple value={value} onChange={onChange}>
        <Group gap="xs">
          {words.map((word) => (
            <Chip key={word} value={word} size="md" radius="sm">
              {word}
            </Chip>
          ))}
        </Group>
      </Chip.Group>
      {error && (
        <p role="alert" className={c.refusal}>
          {error}
        </p>
      )}
    </fieldset>
  );
}
