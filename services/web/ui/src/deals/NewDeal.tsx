import { Button, Checkbox, Group, Modal, NativeSelect, Stack, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState, type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { api, Problem } from '../api/client';
import { CARD_FIELDS, type CardField } from '../api/types';
import { readMinor, useFormat } from '../app/format';
import { queries } from '../app/queries';
import { told } from '../parts/say';

export const CURRENCIES = ['EUR', 'USD', 'GBP', 'CHF', 'SEK', 'MXN'];

/** Five fields and, if wanted, a partner who sees exactly what is ticked. */
export function NewDeal({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const f = useFormat();
  const navigate = useNavigate();
  const [refusal, setRefusal] = useState<{ field?: string; text: string } | null>(null);
  const [partner, setPartner] = useState('');
  const [fields, setFields] = useState<CardField[]>([...CARD_FIELDS]);
  const partners = useQuery({
    queryKey: ['partnerships'],
    queryFn: () => api.read('/partnerships'),
  });
  const live = (partners.data?.items ?? []).filter((one) => one.state === 'active' && one.partner.id);

  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const text = (name: string) => String(form.get(name) ?? '').trim();
    const currency = text('currency');
    const amount = readMinor(text('amount'), f.digits(currency));
    if (amount === null) return setRefusal({ field: 'amount', text: t('problem.amount') });
    try {
      const deal = await api.post('/deals', {
        title: text('title'),
        account: text('account'),
        amount_minor: amount,
        currency,
        ...(text('close_on') ? { close_on: text('close_on') } : {}),
        ...(text('next_step') ? { next_step: text('next_step') } : {}),
        ...(partner ? { parties: [{ organisation: partner, fields }] } : {}),
      });
      queries.setQueryData(['deal', deal.id], deal);
      void queries.invalidateQueries({ queryKey: ['board'] });
      void navigate({ to: '/deals/$deal', params: { deal: deal.id } });
    } catch (fault) {
      setRefusal({ field: fault instanceof Problem ? fault.field : undefined, text: told(fault) });
    }
  };
  const error = (field: string) => refusal?.field === field && refusal.text;
  const known = ['title', 'account', 'amount', 'close_on', 'next_step'];
  return (
    <Modal opened onClose={onClose} title={t('deals.new')} closeButtonProps={{ 'aria-label': t('do.close') }}>
      <form onSubmit={(event) => void submit(event)}>
        <Stack gap="sm">
          <TextInput
            name="title"
            label={t('field.title')}
            required
            withAsterisk={false}
            maxLength={200}
            data-autofocus
            error={error('title')}
          />
          <TextInput
            name="account"
            label={t('field.account')}
            required
            withAsterisk={false}
            maxLength={200}
            error={error('account')}
          />
          <Group grow align="flex-start">
            <TextInput
              name="amount"
              label={t('field.amount')}
              inputMode="decimal"
              required
              withAsterisk={false}
              error={error('amount')}
            />
            <NativeSelect name="currency" label={t('field.currency')} data={CURRENCIES} />
          </Group>
          <Group grow align="flex-start">
            <TextInput name="close_on" type="date" label={t('field.close_on')} error={error('close_on')} />
            <TextInput
              name="next_step"
              label={t('field.next_step')}
              maxLength={300}
              error={error('next_step')}
            />
          </Group>
          <NativeSelect
            label={t('deals.share_with')}
            description={t('deals.share_lead')}
            value={partner}
            onChange={(event) => setPartner(event.currentTarget.value)}
            data={[
              { value: '', label: t('deals.share_nobody') },
              ...live.map((one) => ({ value: one.partner.id!, label: one.partner.name })),
            ]}
          />
          {partner && (
            <Checkbox.Group
              label={t('parties.fields')}
              value={fields}
              onChange={(next) => setFields(next as CardField[])}
            >
              <Group gap="sm" mt={4}>
                {CARD_FIELDS.map((field) => (
                  <Checkbox key={field} size="xs" value={field} label={t(`field.${field}`)} />
                ))}
              </Group>
            </Checkbox.Group>
          )}
          {refusal && !known.includes(refusal.field ?? '') && (
            <p role="alert" style={{ margin: 0, color: 'var(--problem)', fontSize: 13 }}>
              {refusal.text}
            </p>
          )}
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={onClose}>
              {t('do.cancel')}
            </Button>
            <Button type="submit">{t('deals.create')}</Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
