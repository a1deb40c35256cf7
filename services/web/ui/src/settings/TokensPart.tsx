import { Button, Checkbox, CopyButton, Group, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Copy } from 'lucide-react';
import { useState, type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '../api/client';
import type { Token } from '../api/types';
import { useFormat } from '../app/format';
import { queries } from '../app/queries';
import { Section, Waiting } from '../parts/Page';
import { say } from '../parts/say';
import { Label } from '../parts/Tag';
import c from './settings.module.css';

/** Tokens for programs; each is shown once. */
export function TokensPart() {
  const { t } = useTranslation();
  const f = useFormat();
  const [made, setMade] = useState<Token | null>(null);
  const [write, setWrite] = useState(false);
  const tokens = useQuery({ queryKey: ['tokens'], queryFn: () => api.read('/tokens') });
  const fresh = () => queries.invalidateQueries({ queryKey: ['tokens'] });
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = event.currentTarget;
    try {
      setMade(
        await api.post('/tokens', {
          name: String(new FormData(form).get('name')),
          scopes: write ? ['read', 'write'] : ['read'],
        }),
      );
      form.reset();
      await fresh();
    } catch (fault) {
      say.problem(fault);
    }
  };
  const drop = async (token: Token) => {
    try {
      await api.drop(`/tokens/${token.id}`);
      if (made?.id === token.id) setMade(null);
      await fresh();
    } catch (fault) {
      say.problem(fault);
    }
  };
  return (
    <Section title={t('settings.part.tokens')}>
      <p className={c.lead}>{t('tokens.lead')}</p>
      <form onSubmit={(event) => void submit(event)} className={c.inline}>
        <TextInput
          name="name"
          label={t('tokens.name')}
          placeholder={t('tokens.example')}
          required
          withAsterisk={false}
          maxLength={100}
        />
        <Checkbox
          size="sm"
          label={t('tokens.write')}
          checked={write}
          onChange={(event) => setWrite(event.currentTarget.checked)}
        />
        <Button type="submit">{t('tokens.make')}</Button>
      </form>
      {made?.token && (
        <div className={c.secret} role="status">
          <p>{t('tokens.once')}</p>
          <Group gap="xs" wrap="nowrap">
            <code>{made.token}</code>
            <CopyButton value={made.token}>
              {({ copied, copy }) => (
                <Button
                  size="compact-sm"
                  variant="default"
                  leftSection={<Copy size={13} aria-hidden />}
                  onClick={copy}
                >
                  {t(copied ? 'do.copied' : 'do.copy')}
                </Button>
              )}
            </CopyButton>
          </Group>
        </div>
      )}
      {!tokens.data && <Waiting rows={2} />}
      <ul className={c.list}>
        {tokens.data?.items.map((token) => (
          <li key={token.id}>
            <div>
              <b>
                {token.name}{' '}
                {token.scopes.map((scope) => (
                  <Label key={scope}>{scope}</Label>
                ))}
              </b>
              <small>
                {token.last_used_at
                  ? t('tokens.used', { when: f.ago(token.last_used_at) })
                  : t('tokens.unused')}
              </small>
            </div>
            <Button
              size="compact-sm"
              variant="default"
              onClick={() => void drop(token)}
              aria-label={t('tokens.drop_named', { name: token.name })}
            >
              {t('tokens.drop')}
            </Button>
          </li>
        ))}
      </ul>
    </Section>
  );
}
