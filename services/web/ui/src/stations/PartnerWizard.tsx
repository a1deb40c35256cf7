import {
  Button,
  FileButton,
  Group,
  Modal,
  NativeSelect,
  NumberInput,
  Stack,
  Stepper,
  Switch,
  Textarea,
  TextInput,
} from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { FileUp } from 'lucide-react';
import { useState, type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { api, Problem } from '../api/client';
import type { Terms, TradingPartner } from '../api/types';
import { CertificateFacts } from './CertificateFacts';
import { Names } from './Names';
import { certificatesOf, CIPHERS, fresh, USUAL } from './ours';
import { Trial } from './Trial';
import c from './stations.module.css';

const SWITCHES = [
  'sign',
  'compress',
  'signed_receipt',
  'later',
  'require_signed',
  'require_encrypted',
  'ask_contrl',
  'legacy',
] as const satisfies (keyof Terms)[];
const WHERE: Record<string, number> = { name: 0, identifier: 0, further: 0, url: 0, certificates: 1 };

interface PartnerWizardProps {
  partner?: TradingPartner;
  onClose: () => void;
  /** The partner has no AS2: its documents go by SFTP. */
  onSftp?: () => void;
  /** The partner has nothing but mail. */
  onMail?: () => void;
}

/** A trading partner in four steps; the last one tries the connection. */
export function PartnerWizard({ partner, onClose, onSftp, onMail }: PartnerWizardProps) {
  const { t } = useTranslation();
  const narrow = useMediaQuery('(max-width: 640px)');
  const [step, setStep] = useState(0);
  const [name, setName] = useState(partner?.name ?? '');
  const [identifier, setIdentifier] = useState(partner?.identifier ?? '');
  const [further, setFurther] = useState(partner?.further ?? []);
  const [url, setUrl] = useState(partner?.url ?? '');
  const [certificates, setCertificates] = useState(
    partner?.certificates.map((one) => one.pem).join('\n') ?? '',
  );
  const [terms, setTerms] = useState<Terms>(partner?.terms ?? USUAL);
  const [saved, setSaved] = useState<TradingPartner>();
  const [problem, setProblem] = useState<{ field?: string; text: string }>();

  const save = async () => {
    try {
      setSaved(await api.post('/as2/partners', { name, identifier, further, url, certificates, terms }));
      setStep(3);
      await fresh();
    } catch (fault) {
      if (!(fault instanceof Problem)) throw fault;
      setProblem({ field: fault.field, text: fault.detail });
      setStep(WHERE[fault.field ?? ''] ?? 2);
    }
  };
  const go = (event: FormEvent) => {
    event.preventDefault();
    setProblem(undefined);
    if (step < 2) setStep(step + 1);
    else if (step === 2) void save();
    else onClose();
  };
  const of = (field: string) => (problem?.field === field ? problem.text : undefined);
  return (
    <Modal
      opened
      size="lg"
      onClose={onClose}
      title={t(partner ? 'as2.change_title' : 'as2.add_partner')}
      closeButtonProps={{ 'aria-label': t('do.close') }}
    >
      <form onSubmit={go}>
        <Stepper
          active={step}
          size="xs"
          allowNextStepsSelect={false}
          onStepClick={(next) => step < 3 && next < step && setStep(next)}
        >
          <Stepper.Step label={narrow ? undefined : t('as2.wizard.who')} aria-label={t('as2.wizard.who')}>
            <Stack gap="sm" mt="sm">
              {onSftp && (
                <Button size="compact-sm" variant="subtle" w="fit-content" onClick={onSftp}>
                  {t('sftp.instead')}
                </Button>
              )}
              {onMail && (
                <Button size="compact-sm" variant="subtle" w="fit-content" onClick={onMail}>
                  {t('mailing.instead')}
                </Button>
              )}
              <TextInput
                data-autofocus
                required
                maxLength={128}
                readOnly={!!partner}
                label={t('as2.their_name')}
                description={t('as2.their_name_text')}
                value={name}
                error={of('name')}
                onChange={(event) => setName(event.currentTarget.value)}
              />
              <TextInput
                required
                maxLength={40}
                label={t('as2.identifier')}
                description={t('as2.identifier_text')}
                placeholder="ZZ:ACME"
                value={identifier}
                error={of('identifier')}
                onChange={(event) => setIdentifier(event.currentTarget.value)}
              />
              <Names names={further} error={of('further')} onChange={setFurther} />
              <TextInput
                type="url"
                maxLength={500}
                label={t('as2.url')}
                description={t('as2.url_text')}
                placeholder="https://as2.example.com/as2"
                value={url}
                error={of('url')}
                onChange={(event) => setUrl(event.currentTarget.value)}
              />
            </Stack>
          </Stepper.Step>
          <Stepper.Step
            label={narrow ? undefined : t('as2.certificates')}
            aria-label={t('as2.certificates')}
          >
            <Stack gap="sm" mt="sm">
              <Textarea
                required
                autosize
                minRows={6}
                maxRows={12}
                spellCheck={false}
                classNames={{ input: c.pem }}
                label={t('as2.certificates')}
                description={t('as2.certificates_text')}
                placeholder="-----BEGIN CERTIFICATE-----"
                value={certificates}
                error={of('certificates')}
                onChange={(event) => setCertificates(event.currentTarget.value)}
              />
              <FileButton
                accept=".pem,.crt,.cer,.der,.p7b,.p7c"
                onChange={(file) => {
                  if (file) void certificatesOf(file).then(setCertificates);
                }}
              >
                {(button) => (
                  <Button
                    {...button}
                    size="xs"
                    variant="default"
                    w="fit-content"
                    leftSection={<FileUp size={14} aria-hidden />}
                  >
                    {t('as2.from_file')}
                  </Button>
                )}
              </FileButton>
            </Stack>
          </Stepper.Step>
          <Stepper.Step label={narrow ? undefined : t('as2.agreed')} aria-label={t('as2.agreed')}>
            <Stack gap="sm" mt="sm">
              <NativeSelect
                label={t('as2.terms.cipher')}
                value={terms.cipher ?? ''}
                error={of('terms.cipher')}
                onChange={(event) => setTerms({ ...terms, cipher: event.currentTarget.value || null })}
                data={[
                  ...CIPHERS.map((value) => ({ value, label: value })),
                  { value: '', label: t('as2.terms.no_cipher') },
                ]}
              />
              <NumberInput
                label={t('as2.terms.acknowledge')}
                description={t('as2.terms.acknowledge_hint')}
                value={terms.acknowledge_hours ?? ''}
                error={of('terms.acknowledge_hours')}
                min={1}
                max={720}
                allowDecimal={false}
                onChange={(value) => setTerms({ ...terms, acknowledge_hours: value === '' ? null : Number(value) })}
              />
              {SWITCHES.map((one) => (
                <Switch
                  key={one}
                  size="sm"
                  label={t(`as2.terms.${one}`)}
                  checked={terms[one]}
                  onChange={(event) => setTerms({ ...terms, [one]: event.currentTarget.checked })}
                />
              ))}
              {problem && !of('terms.cipher') && !of('terms.acknowledge_hours') && <p role="alert">{problem.text}</p>}
            </Stack>
          </Stepper.Step>
          <Stepper.Step label={narrow ? undefined : t('as2.wizard.try')} aria-label={t('as2.wizard.try')}>
            <Stack gap="sm" mt="sm">
              <p className={c.lead}>{t(saved?.url ? 'as2.saved_text' : 'as2.saved_no_url', { name })}</p>
              {saved?.url && <Trial run={() => api.post(`/as2/partners/${saved.id}/test`)} words="as2" />}
              {saved?.certificates.map((one, place) => (
                <CertificateFacts
                  key={one.fingerprint}
                  certificate={one}
                  use={place === 0 ? t('as2.encrypts') : t('as2.verifies')}
                />
              ))}
            </Stack>
          </Stepper.Step>
        </Stepper>
        <Group justify="flex-end" mt="md">
          {step > 0 && step < 3 && (
            <Button variant="default" onClick={() => setStep(step - 1)}>
              {t('as2.wizard.back')}
            </Button>
          )}
          <Button type="submit">{t(step < 2 ? 'as2.wizard.next' : step === 2 ? 'do.save' : 'as2.wizard.done')}</Button>
        </Group>
      </form>
    </Modal>
  );
}
