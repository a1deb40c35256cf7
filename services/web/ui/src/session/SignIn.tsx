import { Button, PasswordInput, TextInput } from '@mantine/core';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { CircleAlert } from 'lucide-react';
import { useState, type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { api, Problem } from '../api/client';
import { queries } from '../app/queries';
import { spoken } from '../app/i18n';
import { told } from '../parts/say';
import { Door } from './Door';
import c from './session.module.css';

export function SignIn() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const { to } = useSearch({ from: '/sign-in' });
  const [refusal, setRefusal] = useState('');
  const [busy, setBusy] = useState(false);

  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const chosen = spoken();
    setBusy(true);
    setRefusal('');
    try {
      const signed = await api.post('/sign-in', {
        email: String(form.get('email')),
        password: String(form.get('password')),
      });
      if (signed.person.locale !== chosen) await api.patch('/me', { locale: chosen });
      queries.clear();
      void navigate({ href: safe(to) });
    } catch (fault) {
      setRefusal(
        fault instanceof Problem && [400, 401, 422].includes(fault.status)
          ? t('session.refused')
          : told(fault),
      );
      setBusy(false);
    }
  };
  return (
    <Door title={t('session.in')} lead={t('session.lead')}>
      <form onSubmit={(event) => void submit(event)}>
        <TextInput
          size="sm"
          name="email"
          type="email"
          label={t('field.email')}
          autoComplete="username"
          required
          withAsterisk={false}
          autoFocus
        />
        <PasswordInput
          size="sm"
          name="password"
          label={t('field.password')}
          autoComplete="current-password"
          required
          withAsterisk={false}
          visibilityToggleButtonProps={{ 'aria-label': t('session.reveal'), tabIndex: 0 }}
        />
        {refusal && (
          <p className={c.refusal} role="alert">
            <CircleAlert size={15} aria-hidden /> {refusal}
          </p>
        )}
        <Button size="sm" type="submit" loading={busy} fullWidth>
          {t('session.in')}
        </Button>
      </form>
    </Door>
  );
}

/** Only a place of this app; never another site. */
const safe = (to?: string) => (to && to.startsWith('/') && !to.startsWith('//') ? to : '/deals');
