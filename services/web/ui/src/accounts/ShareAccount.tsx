import { Button, Checkbox, Group, Modal, NativeSelect, Stack } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '../api/client';
import { ACCOUNT_FIELDS, type Account, type AccountField } from '../api/types';
import { say, told } from '../parts/say';
import c from './accounts.module.css';

/** Ticked by default: what names a customer. Never what we earn or think. */
const PRESET: AccountField[] = ['name', 'domain', 'city', 'country'];

/** An allow-list: what is not ticked stays ours, also for fields that come later. */
export function ShareAccount({
  account,
  onClose,
  onDone,
}: {
  account: Account;
  onClose: () => void;
  onDone: () => void;
}) {
  const { t } = useTranslation();
  const partners = useQuery({
    queryKey: ['partnerships'],
    queryFn: () => api.read('/partnerships'),
  });
  const live = (partners.data?.items ?? []).filter((one) => one.state === 'active' && one.partner.id);
  const [partner, setPartner] = useState('');
  const [touched, setTouched] = useState<AccountField[] | null>(null);
  const [verbs, setVerbs] = useState('read');
  const [refusal, setRefusal] = useState('');
  const chosen = partner || live[0]?.partner.id || '';
  const before = account.shared_with?.find((grant) => grant.organisation.id === chosen);
  const fields = touched ?? before?.fields ?? PRESET;
  const name = live.find((one) => one.partner.id === chosen)?.partner.name ?? '';
  const send = async () => {
    try {
      await api.post(`/accounts/${account.id}/grants`, {
        organisation: chosen,
        fields,
        verbs: verbs === 'edit' ? ['read', 'edit'] : ['read'],
      });
      onDone();
      say.done(t('accounts.shared_done', { name }));
      onClose();
    } catch (fault) {
      setRefusal(told(fault));
    }
  };
  return (
    <Modal
      opened
      onClose={onClose}
      title={t('accounts.share_title', { name: account.name ?? '' })}
      closeButtonProps={{ 'aria-label': t('do.close') }}
    >
      <Stack gap="md">
        {partners.data && live.length === 0 ? (
          <p className={c.lead}>{t('parties.no_partner')}</p>
        ) : (
          <>
            <NativeSelect
              label={t('parties.partner')}
              value={chosen}
              onChange={(event) => {
                setPartner(event.currentTarget.value);
                setTouched(null);
              }}
              data={live.map((one) => ({ value: one.partner.id!, label: one.partner.name }))}
            />
            <Checkbox.Group
              label={t('accounts.fields', { name })}
              description={t('accounts.fields_lead')}
              value={fields}
              onChange={(next) => setTouched(next as AccountField[])}
            >
              <div className={c.checks}>
                {ACCOUNT_FIELDS.map((field) => (
                  <Checkbox key={field} size="sm" value={field} label={t(`field.${field}`)} />
                ))}
              </div>
            </Checkbox.Group>
            <NativeSelect
              label={t('parties.can')}
              value={verbs}
              onChange={(event) => setVerbs(event.currentTarget.value)}
              data={[
                { value: 'read', label: t('accounts.can_read') },
                { value: 'edit', label: t('parties.can_edit') },
              ]}
            />
          </>
        )}
        {refusal && (
          <p role="alert" className={c.refusal}>
            {refusal}
          </p>
        )}
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose}>
            {t('do.cancel')}
          </Button>
          <Button disabled={!chosen || fields.length === 0} onClick={() => void send()}>
            {t('accounts.share_send', { count: fields.length })}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
