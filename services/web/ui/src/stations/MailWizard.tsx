import { Button, Group, Modal, NumberInput, Stack, Stepper, Switch, Textarea, TextInput } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { useState, type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { api, Problem } from '../api/client';
import type { MailPartner } from '../api/types';
import { MailFacts } from './Mailing';
import { Names } from './Names';
import { fresh } from './ours';
import { Trial } from './Trial';
import c from './stations.module.css';

const first = (partner?: MailPartner) => ({
  name: partner?.name ?? '',
  identifier: partner?.identifier ?? '',
  further: partner?.further ?? [],
  address: partner?.address ?? '',
  senders: partner?.senders.join('\n') ?? '',
  must_prove: partner?.must_prove ?? true,
  acknowledge_hours: partner ? partner.acknowledge_hours : 24,
});

/** A trading partner by e-mail in two steps; the second one sends a test. */
export function MailWizard({ partner, onClose }: { partner?: MailPartner; onClose: () => void }) {
  const { t } = useTranslation();
  const narrow = useMediaQuery('(max-width: 640px)');
  const [typed, setTyped] = useState(() => first(partner));
  const [saved, setSaved] = useState<MailPartner>();
  const [problem, setProblem] = useState<{ field?: string; text: string }>();
  const set = (more: Partial<typeof typed>) => setTyped({ ...typed, ...more });
  const of = (field: string) => (problem?.field === field ? problem.text : undefined);
  const go = async (event: FormEvent) => {
    event.preventDefault();
    if (saved) {
      onClose();
      return;
    }
    setProblem(undefined);
    const senders = typed.senders.split('\n').map((line) => line.trim()).filter(Boolean);
    try {
      setSaved(await api.post('/mailing/partners', { ...typed, senders }));
      await fresh();
    } catch (fault) {
      if (!(fault instanceof Problem)) throw fault;
      setProblem({ field: fault.field, text: fault.detail });
    }
  };
  return (
    <Modal
      opened
      size="lg"
      onClose={onClose}
      title={t(partner ? 'mailing.change_title' : 'mailing.add')}
      closeButtonProps={{ 'aria-label': t('do.close') }}
    >
      <form onSubmit={(event) => void go(event)}>
        <Stepper active={saved ? 1 : 0} size="xs" allowNextStepsSelect={false}>
          <Stepper.Step label={narrow ? undefined : t('as2.wizard.who')} aria-label={t('as2.wizard.who')}>
            <Stack gap="sm" mt="sm">
              <TextInput
                data-autofocus
                required
                maxLength={100}
                readOnly={!!partner}
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
              <TextInput
                required
                type="email"
                maxLength={254}
                label={t('mailing.address')}
                description={t('mailing.address_text')}
                placeholder="edi@acme.example"
                value={typed.address}
                error={of('address')}
                onChange={(event) => set({ address: event.currentTarget.value })}
              />
              <Textarea
                autosize
                minRows={1}
                maxRows={6}
                spellCheck={false}
                label={t('mailing.senders')}
                description={t('mailing.senders_text')}
                placeholder="@acme.example"
                value={typed.senders}
                error={of('senders')}
                onChange={(event) => set({ senders: event.currentTarget.value })}
              />
              <Switch
                label={t('mailing.must_prove')}
                description={t('mailing.must_prove_text')}
                checked={typed.must_prove}
                onChange={(event) => set({ must_prove: event.currentTarget.checked })}
              />
              <NumberInput
                label={t('as2.terms.acknowledge')}
                description={t('as2.terms.acknowledge_hint')}
                value={typed.acknowledge_hours ?? ''}
                min={1}
                max={720}
                allowDecimal={false}
                error={of('acknowledge_hours')}
                onChange={(value) => set({ acknowledge_hours: value === '' ? null : Number(value) })}
              />
              {problem && !problem.field && <p role="alert">{problem.text}</p>}
            </Stack>
          </Stepper.Step>
          <Stepper.Step label={narrow ? undefined : t('as2.wizard.try')} aria-label={t('as2.wizard.try')}>
            {saved && (
              <Stack gap="sm" mt="sm">
                <p className={c.lead}>{t('mailing.saved', { name: saved.name })}</p>
                <MailFacts partner={saved} />
                <Trial run={() => api.post(`/mailing/partners/${saved.id}/test`)} words="mailing" />
              </Stack>
            )}
          </Stepper.Step>
        </Stepper>
        <Group justify="flex-end" mt="md">
          <Button type="submit">{t(saved ? 'as2.wizard.done' : 'do.save')}</Button>
        </Group>
      </form>
    </Modal>
  );
}
