import { Button, Checkbox, Group, NumberInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState, type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '../api/client';
import { LEAD_FIELDS, LEAD_FIELDS_EARLY, type LeadTerms } from '../api/types';
import { queries, useCan } from '../app/queries';
import { Failed, Page, Section, Waiting } from '../parts/Page';
import { say, told } from '../parts/say';
import c from './leads.module.css';
import { Routing } from './Routing';

/** How long partners have to accept, and what they see of a lead before and after. */
export function TermsPage() {
  const { t } = useTranslation();
  const asked = useQuery({ queryKey: ['lead-terms'], queryFn: () => api.read('/lead-terms'), staleTime: 0 });
  if (asked.isError) return <Failed fault={asked.error} retry={() => void asked.refetch()} />;
  return (
    <Page title={t('lead.terms')}>
      <div className={c.terms}>
        <Routing />
        <Section title={t('lead.terms_shown')}>
          <p className={c.means}>{t('lead.terms_lead')}</p>
          {asked.data ? <Form key={asked.data.revision} terms={asked.data} /> : <Waiting rows={5} />}
        </Section>
      </div>
    </Page>
  );
}

function Form({ terms }: { terms: LeadTerms }) {
  const { t } = useTranslation();
  const may = useCan()('lead.hand');
  const [hours, setHours] = useState<string | number>(terms.accept_hours);
  const [before, setBefore] = useState(terms.before);
  const [after, setAfter] = useState(terms.after);
  const [refusal, setRefusal] = useState('');
  const save = async (event: FormEvent) => {
    event.preventDefault();
    try {
      const form = { accept_hours: Number(hours), before, after, revision: terms.revision };
      queries.setQueryData(['lead-terms'], await api.put('/lead-terms', form));
      say.done(t('lead.terms_saved'));
    } catch (fault) {
      setRefusal(told(fault));
    }
  };
  const choice = (label: string, names: readonly string[], value: string[], set: (next: string[]) => void) => (
    <Checkbox.Group label={label} value={value} onChange={set}>
      <div className={c.checks}>
        {names.map((name) => (
          <Checkbox key={name} value={name} label={t(`lead.field.${name}`)} disabled={!may} />
        ))}
      </div>
    </Checkbox.Group>
  );
  return (
    <form className={c.form} onSubmit={(event) => void save(event)}>
      <NumberInput
        label={t('lead.accept_hours')}
        value={hours}
        onChange={setHours}
        min={1}
        max={720}
        allowDecimal={false}
        hideControls
        readOnly={!may}
      />
      {choice(t('lead.before'), LEAD_FIELDS_EARLY, before, setBefore)}
      {choice(t('lead.after'), LEAD_FIELDS, after, setAfter)}
      {refusal && (
        <p role="alert" className={c.refusal}>
          {refusal}
        </p>
      )}
      {may && (
        <Group justify="flex-end">
          <Button type="submit">{t('do.save')}</Button>
        </Group>
      )}
    </form>
  );
}
