import { Button, Group, Modal, NumberInput, PasswordInput, Radio, Stack, Stepper, Textarea, TextInput } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { useState, type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { api, Problem } from '../api/client';
import type { SftpMailbox } from '../api/types';
import { MailboxFacts } from './MailboxFacts';
import { Names } from './Names';
import { fresh } from './ours';
import { Trial } from './Trial';
import c from './stations.module.css';

const WHERE: Record<string, number> = { name: 0, identifier: 0, further: 0 };
const lines = (text: string) => text.split('\n').map((line) => line.trim()).filter(Boolean);

/** What is typed: both sides at once, so that changing one's mind loses nothing. */
const first = (mailbox?: SftpMailbox) => {
  const theirs = mailbox?.place.side === 'theirs' ? mailbox.place : undefined;
  const ours = mailbox?.place.side === 'ours' ? mailbox.place : undefined;
  return {
    name: mailbox?.name ?? '',
    identifier: mailbox?.identifier ?? '',
    further: mailbox?.further ?? [],
    side: theirs ? 'theirs' : 'ours',
    keys: ours?.keys.join('\n') ?? '',
    password: '',
    host: theirs?.host ?? '',
    port: theirs?.port ?? 22,
    user: theirs?.user ?? '',
    host_keys: theirs?.host_keys.join('\n') ?? '',
    fetch_from: theirs?.fetch_from ?? '/out',
    put_into: theirs?.put_into ?? '/in',
    move_to: theirs?.move_to ?? '',
    every_minutes: theirs?.every_minutes ?? 5,
    acknowledge_hours: mailbox ? mailbox.acknowledge_hours : 24,
  };
};
type Typed = ReturnType<typeof first>;

const placeOf = (typed: Typed): SftpMailbox['place'] =>
  typed.side === 'ours'
    ? { side: 'ours', keys: lines(typed.keys) }
    : {
        side: 'theirs',
        host: typed.host,
        port: typed.port,
        user: typed.user,
        host_keys: lines(typed.host_keys),
        fetch_from: typed.fetch_from.trim(),
        put_into: typed.put_into.trim(),
        move_to: typed.move_to.trim() || null,
        every_minutes: typed.every_minutes,
      };

/** A trading partner by SFTP in three steps; the last one tries the connection. */
export function MailboxWizard({ mailbox, onClose }: { mailbox?: SftpMailbox; onClose: () => void }) {
  const { t } = useTranslation();
  const narrow = useMediaQuery('(max-width: 640px)');
  const [step, setStep] = useState(0);
  const [typed, setTyped] = useState(() => first(mailbox));
  const [saved, setSaved] = useState<SftpMailbox>();
  const [problem, setProblem] = useState<{ field?: string; text: string }>();
  const set = (more: Partial<Typed>) => setTyped({ ...typed, ...more });

  const save = async () => {
    const { name, identifier, further, password, acknowledge_hours } = typed;
    try {
      // An empty field leaves the password as it is.
      const place = placeOf(typed);
      const form = { name, identifier, further, place, password: password || null, acknowledge_hours };
      setSaved(await api.post('/sftp/mailboxes', form));
      setStep(2);
      await fresh();
    } catch (fault) {
      if (!(fault instanceof Problem)) throw fault;
      setProblem({ field: fault.field, text: fault.detail });
      setStep(WHERE[fault.field ?? ''] ?? 1);
    }
  };
  const go = (event: FormEvent) => {
    event.preventDefault();
    setProblem(undefined);
    if (step === 0) setStep(1);
    else if (step === 1) void save();
    else onClose();
  };
  const of = (field: string) => (problem?.field === field ? problem.text : undefined);
  return (
    <Modal
      opened
      size="lg"
      onClose={onClose}
      title={t(mailbox ? 'sftp.change_title' : 'sftp.add')}
      closeButtonProps={{ 'aria-label': t('do.close') }}
    >
      <form onSubmit={go}>
        <Stepper
          active={step}
          size="xs"
          allowNextStepsSelect={false}
          onStepClick={(next) => step < 2 && next < step && setStep(next)}
        >
          <Stepper.Step label={narrow ? undefined : t('as2.wizard.who')} aria-label={t('as2.wizard.who')}>
            <Stack gap="sm" mt="sm">
              <TextInput
                data-autofocus
                required
                maxLength={100}
                readOnly={!!mailbox}
                label={t('sftp.name')}
                value={typed.name}
                error={of('name')}
                onChange={(event) => set({ name: event.currentTarget.value })}
              />
              <TextInput
                required
                maxLength={40}
                label={t('as2.identifier')}
                description={t('as2.identifier_text')}
                placeholder="ZZ:ACME"
                value={typed.identifier}
                error={of('identifier')}
                onChange={(event) => set({ identifier: event.currentTarget.value })}
              />
              <Names names={typed.further} error={of('further')} onChange={(further) => set({ further })} />
              <Radio.Group label={t('sftp.where')} value={typed.side} onChange={(side) => set({ side })}>
                <Stack gap={8} mt={6}>
                  {['ours', 'theirs'].map((side) => (
                    <Radio
                      key={side}
                      value={side}
                      label={t(`sftp.side.${side}`)}
                      description={t(`sftp.side.${side}_text`)}
                    />
                  ))}
                </Stack>
              </Radio.Group>
              <NumberInput
                label={t('as2.terms.acknowledge')}
                description={t('as2.terms.acknowledge_hint')}
                value={typed.acknowledge_hours ?? ''}
                min={1}
                max={720}
                allowDecimal={false}
                onChange={(value) => set({ acknowledge_hours: value === '' ? null : Number(value) })}
              />
            </Stack>
          </Stepper.Step>
          <Stepper.Step label={narrow ? undefined : t('sftp.way')} aria-label={t('sftp.way')}>
            <Stack gap="sm" mt="sm">
              {typed.side === 'ours' ? (
                <Textarea
                  autosize
                  minRows={3}
                  maxRows={8}
                  spellCheck={false}
                  classNames={{ input: c.pem }}
                  label={t('sftp.keys')}
                  description={t('sftp.keys_text')}
                  placeholder="ssh-ed25519 AAAA…"
                  value={typed.keys}
                  error={of('keys')}
                  onChange={(event) => set({ keys: event.currentTarget.value })}
                />
              ) : (
                <Theirs typed={typed} set={set} of={of} />
              )}
              <PasswordInput
                autoComplete="new-password"
                label={t('sftp.password')}
                description={t(mailbox?.has_password ? 'sftp.password_kept' : 'sftp.password_text')}
                value={typed.password}
                error={of('password')}
                onChange={(event) => set({ password: event.currentTarget.value })}
              />
              {problem && !problem.field && <p role="alert">{problem.text}</p>}
            </Stack>
          </Stepper.Step>
          <Stepper.Step label={narrow ? undefined : t('as2.wizard.try')} aria-label={t('as2.wizard.try')}>
            {saved && (
              <Stack gap="sm" mt="sm">
                <p className={c.lead}>{t(`sftp.saved_${saved.place.side}`, { name: saved.name })}</p>
                <MailboxFacts mailbox={saved} />
                <Trial run={() => api.post(`/sftp/mailboxes/${saved.id}/test`)} words="sftp" />
              </Stack>
            )}
          </Stepper.Step>
        </Stepper>
        <Group justify="flex-end" mt="md">
          {step > 0 && (
            <Button variant="default" onClick={() => setStep(step - 1)}>
              {t('as2.wizard.back')}
            </Button>
          )}
          <Button type="submit">{t(step === 0 ? 'as2.wizard.next' : step === 1 ? 'do.save' : 'as2.wizard.done')}</Button>
        </Group>
      </form>
    </Modal>
  );
}

interface TheirsProps {
  typed: Typed;
  set: (more: Partial<Typed>) => void;
  of: (field: string) => string | undefined;
}

/** Where a mailbox at a partner's is, and who it is. */
function Theirs({ typed, set, of }: TheirsProps) {
  const { t } = useTranslation();
  const text = (field: 'host' | 'user' | 'fetch_from' | 'put_into' | 'move_to', more?: object) => (
    <TextInput
      label={t(`sftp.${field}`)}
      maxLength={field === 'host' ? 253 : field === 'user' ? 100 : 500}
      value={typed[field]}
      error={of(field)}
      onChange={(event) => set({ [field]: event.currentTarget.value })}
      {...more}
    />
  );
  return (
    <>
      <Group align="flex-start" grow preventGrowOverflow={false} wrap="nowrap">
        {text('host', { required: true, placeholder: 'sftp.example.com' })}
        <NumberInput
          maw={110}
          label={t('sftp.port')}
          value={typed.port}
          min={1}
          max={65_535}
          allowDecimal={false}
          onChange={(value) => set({ port: Number(value) || 22 })}
        />
      </Group>
      {text('user', { required: true })}
      <Textarea
        autosize
        minRows={2}
        maxRows={5}
        spellCheck={false}
        classNames={{ input: c.pem }}
        label={t('sftp.host_keys')}
        description={t('sftp.host_keys_text')}
        placeholder="SHA256:…"
        value={typed.host_keys}
        error={of('host_keys')}
        onChange={(event) => set({ host_keys: event.currentTarget.value })}
      />
      {text('fetch_from', { description: t('sftp.fetch_from_text') })}
      {text('put_into', { description: t('sftp.put_into_text') })}
      {text('move_to', { description: t('sftp.move_to_text') })}
      <NumberInput
        label={t('sftp.every_minutes')}
        value={typed.every_minutes}
        error={of('every_minutes')}
        min={1}
        max={1440}
        allowDecimal={false}
        onChange={(value) => set({ every_minutes: Number(value) || 5 })}
      />
    </>
  );
}
