import { ActionIcon, Button, NativeSelect, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { X } from 'lucide-react';
import { useState, type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '../api/client';
import type { Identifier, Organisation } from '../api/types';
import { isAdmin, queries, useMe } from '../app/queries';
import { Editable } from '../parts/Editable';
import { Section, Waiting } from '../parts/Page';
import { say } from '../parts/say';
import { Tag } from '../parts/Tag';
import c from './settings.module.css';

const SCHEMES = ['gln', 'duns', 'vat', 'isa'] as const;

/** The organisation's name, domain, and the numbers by which others address it. */
export function OrganisationPart() {
  const { t } = useTranslation();
  const me = useMe();
  const [scheme, setScheme] = useState<Identifier['scheme']>('gln');
  const asked = useQuery({
    queryKey: ['organisation'],
    queryFn: () => api.read('/organisation'),
  });
  const organisation = asked.data;
  if (!organisation) return <Waiting rows={4} />;
  const admin = isAdmin(me);
  const save = async (change: Partial<Pick<Organisation, 'name' | 'identifiers'>>) => {
    queries.setQueryData(['organisation'], await api.patch('/organisation', change, organisation.revision));
    void queries.invalidateQueries({ queryKey: ['me'] });
  };
  const add = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = event.currentTarget;
    const value = String(new FormData(form).get('value') ?? '').trim();
    try {
      await save({ identifiers: [...organisation.identifiers, { scheme, value }] });
      form.reset();
    } catch (fault) {
      say.problem(fault);
    }
  };
  const drop = (gone: Identifier) =>
    save({ identifiers: organisation.identifiers.filter((one) => one !== gone) }).catch(say.problem);
  return (
    <Section title={t('settings.part.organisation')}>
      <Editable
        label={t('field.organisation')}
        value={organisation.name}
        locked={!admin}
        onSave={(name) => save({ name })}
      />
      <div className={c.choice}>
        <div>
          <b>{t('field.domain')}</b>
          <small>{organisation.domain}</small>
        </div>
        <Tag tone={organisation.domain_verified ? 'ok' : 'wait'}>
          {t(organisation.domain_verified ? 'organisation.verified' : 'organisation.unverified')}
        </Tag>
      </div>
      <h3 className={c.sub}>{t('organisation.identifiers')}</h3>
      <p className={c.lead}>{t('organisation.identifiers_lead')}</p>
      <ul className={c.list}>
        {organisation.identifiers.map((one) => (
          <li key={`${one.scheme}-${one.value}`}>
            <div>
              <b>{t(`scheme.${one.scheme}`)}</b>
              <small>
                <code>{one.value}</code>
              </small>
            </div>
            {admin && (
              <ActionIcon
                size={26}
                aria-label={t('organisation.drop', { value: one.value })}
                onClick={() => void drop(one)}
              >
                <X size={14} />
              </ActionIcon>
            )}
          </li>
        ))}
      </ul>
      {admin && (
        <form onSubmit={(event) => void add(event)} className={c.inline}>
          <NativeSelect
            label={t('organisation.scheme')}
            value={scheme}
            onChange={(event) => setScheme(event.currentTarget.value as Identifier['scheme'])}
            data={SCHEMES.map((value) => ({ value, label: t(`scheme.${value}`) }))}
          />
          <TextInput
            name="value"
            label={t('organisation.value')}
            placeholder={scheme === 'isa' ? 'ZZ:ACME' : ''}
            required
            withAsterisk={false}
            maxLength={60}
          />
          <Button type="submit" variant="default">
            {t('do.add')}
          </Button>
        </form>
      )}
    </Section>
  );
}
