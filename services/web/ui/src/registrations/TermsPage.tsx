import { Button, Group, NativeSelect, NumberInput, Textarea, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState, type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '../api/client';
import type { RegistrationTerms } from '../api/types';
import { readMinor, useFormat } from '../app/format';
import { queries, useCan } from '../app/queries';
import { CURRENCIES } from '../deals/NewDeal';
import { Failed, Page, Waiting } from '../parts/Page';
import { say, told } from '../parts/say';
import c from './registrations.module.css';

/** On what terms partners register deals with us. */
export function TermsPage() {
  const { t } = useTranslation();
  const asked = useQuery({
    queryKey: ['registration-terms'],
    queryFn: () => api.read('/registration-terms'),
    staleTime: 0,
  });
  if (asked.isError) return <Failed fault={asked.error} retry={() => void asked.refetch()} />;
  return (
    <Page title={t('registration.terms')} lead={t('registration.terms_lead')}>
      {asked.data ? <Form key={asked.data.revision} terms={asked.data} /> : <Waiting rows={5} />}
    </Page>
  );
}

const lines = (text: string) =>
  text
    .split('\n')
    .map((line) => line.trim())
    .filter(Boolean);

function Form({ terms }: { terms: RegistrationTerms }) {
  const { t } = useTranslation();
  const f = useFormat();
  const may = useCan()('registration.terms');
  const [families, setFamilies] = useState(terms.families.join('\n'));
  const [territories, setTerritories] = useState(terms.territories.join('\n'));
  const [hours, setHours] = useState<string | number>(terms.answer_hours);
  const [days, setDays] = useState<string | number>(terms.protect_days);
  const [currency, setCurrency] = useState(terms.second_currency ?? 'EUR');
  const [limit, setLimit] = useState(() => {
    const digits = f.digits(terms.second_currency ?? 'EUR');
    return terms.second_over_minor == null ? '' : String(terms.second_over_minor / 10 ** digits);
  });
  const [refusal, setRefusal] = useState('');
  const save = async (event: FormEvent) => {
    event.preventDefault();
    const over = limit.trim() ? readMinor(limit, f.digits(currency)) : null;
    if (limit.trim() && over === null) return setRefusal(t('problem.amount'));
    try {
      const set = await api.put('/registration-terms', {
        families: lines(families),
        territories: lines(territories),
        answer_hours: Number(hours),
        protect_days: Number(days),
        second_over_minor: over,
        second_currency: over === null ? null : currency,
        revision: terms.revision,
      });
      queries.setQueryData(['registration-terms'], set);
      setRefusal('');
      say.done(t('registration.terms_saved'));
    } catch (fault) {
      setRefusal(told(fault));
    }
  };
  return (
    <form className={c.form} onSubmit={(event) => void save(event)}>
      <Textarea
        label={t('registration.families')}
        description={t('registration.one_a_line')}
        value={families}
        onChange={(event) => setFamilies(event.currentTarget.value)}
        autosize
        minRows={3}
        readOnly={!may}
      />
      <Textarea
        label={t('registration.territories')}
        description={t('registration.one_a_line')}
        value={territories}
        onChange={(event) => setTerritories(event.currentTarget.value)}
        autosize
        minRows={3}
        readOnly={!may}
      />
      <div className={c.pair}>
        <NumberInput
          label={t('registration.answer_hours')}
          value={hours}
          onChange={setHours}
          min={1}
          max={720}
          allowDecimal={false}
          hideControls
          readOnly={!may}
        />
        <NumberInput
          label={t('registration.protect_days')}
          value={days}
          onChange={setDays}
          min={1}
          max={365}
          allowDecimal={false}
          hideControls
          readOnly={!may}
        />
      </div>
      <div className={c.pair}>
        <TextInput
          label={t('registration.second_over')}
          value={limit}
          onChange={(event) => setLimit(event.currentTarget.value)}
          inputMode="decimal"
          readOnly={!may}
        />
        <NativeSelect
          label={t('field.currency')}
          value={currency}
          onChange={(event) => setCurrency(event.currentTarget.value)}
          data={CURRENCIES}
          disabled={!may}
        />
      </div>
      {refusal && (
        <p role="alert" className={c.refusal}>
          {refusal}
        </p>
      )}
      {may && (
        <Group justify="flex-end">
          <Button type="submit">{t('registration.terms_save')}</Button>
        </Group>
      )}
    </form>
  );
}
