import { Button, PasswordInput, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { CircleAlert } from 'lucide-react';
import { useState, type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { api, Problem } from '../api/client';
import { queries } from '../app/queries';
import { told } from '../parts/say';
import { Waiting } from '../parts/Page';
import { Door } from './Door';
import c from './session.module.css';

/** The page behind the link of an invitation. */
export function Join() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const { token = '' } = useSearch({ from: '/join' });
  const [refusal, setRefusal] = useState<{ field?: string; text: string } | null>(null);
  const [busy, setBusy] = useState(false);
  const asked = useQuery({
    queryKey: ['open-invitation', token],
    queryFn: () => api.read(`/invitations/by-token/${encodeURIComponent(token)}`),
    enabled: !!token,
  });
  const invitation = asked.data;

  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const organisation = form.get('organisation_name');
    setBusy(true);
    setRefusal(null);
    try {
      await api.post('/invitations/accept', {
        token,
        name: String(form.get('name') ?? ''),
        password: String(form.get('password')),
        ...(organisation ? { organisation_name: String(organisation) } : {}),
      });
      queries.clear();
      void navigate({ to: invitation?.kind === 'partner' ? '/partners' : '/deals' });
    } catch (fault) {
      setRefusal({ field: fault instanceof Problem ? fault.field : undefined, text: told(fault) });
      setBusy(false);
    }
  };
  if (!token || asked.isError || (invitation && invitation.state !== 'sent')) {
    return (
      <Door title={t('join.gone')} lead={t('join.gone_lead')}>
        <Button component="a" href="/sign-in" variant="default" mt="md">
          {t('session.in')}
        </Button>
      </Door>
    );
  }
  if (!invitation)
    return (
      <Door title={t('join.title')}>
        <Waiting rows={3} />
      </Door>
    );
  const partner = invitation.kind === 'partner';
  return (
    <Door
      title={t('join.title')}
      lead={t(partner ? 'join.partner' : 'join.member', {
        organisation: invitation.organisation.name,
        role: t(`role.${invitation.role}`),
      })}
    >
      <form onSubmit={(event) => void submit(event)}>
        <TextInput size="sm" label={t('field.email')} value={invitation.email} readOnly variant="filled" />
        <TextInput
          size="sm"
          name="name"
          label={t('field.your_name')}
          autoComplete="name"
          required
          withAsterisk={false}
          autoFocus
          error={refusal?.field === 'name' && refusal.text}
        />
        {partner && (
          <TextInput
            size="sm"
            name="organisation_name"
            label={t('field.organisation')}
            autoComplete="organization"
            required
            withAsterisk={false}
            error={refusal?.field === 'organisation_name' && refusal.text}
          />
        )}
        <PasswordInput
          size="sm"
          name="password"
          label={t('field.new_password')}
          description={t('join.password')}
          minLength={8}
          autoComplete="new-password"
          required
          withAsterisk={false}
          error={refusal?.field === 'password' && refusal.text}
        />
        {refusal && !refusal.field && (
          <p className={c.refusal} role="alert">
            <CircleAlert size={15} aria-hidden /> {refusal.text}
          </p>
        )}
        <Button size="sm" type="submit" loading={busy} fullWidth>
          {t('join.accept')}
        </Button>
      </form>
    </Door>
  );
}
