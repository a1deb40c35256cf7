import { useTranslation } from 'react-i18next';
import type { Registration, RegistrationState } from '../api/types';
import { useFormat } from '../app/format';
import { Tag, type Tone } from '../parts/Tag';

const TONE: Record<RegistrationState, Tone> = {
  draft: 'plain',
  submitted: 'wait',
  in_review: 'wait',
  approved: 'ok',
  extension_asked: 'wait',
  rejected: 'problem',
  action_required: 'info',
  withdrawn: 'plain',
  converted: 'ok',
  expired: 'problem',
  lost: 'problem',
  revoked: 'problem',
};

export function RegistrationTag({ state }: { state: RegistrationState }) {
  const { t } = useTranslation();
  return <Tag tone={TONE[state]}>{t(`registration.state.${state}`)}</Tag>;
}

/** What the clock says: until when the vendor answers, or for how long the customer is protected. */
export function Clock({ of }: { of: Registration }) {
  const { t } = useTranslation();
  const f = useFormat();
  const waits = of.state === 'submitted' || of.state === 'in_review';
  if (waits && of.answer_due)
    return (
      <Tag tone={of.overdue ? 'problem' : 'wait'}>
        <time dateTime={of.answer_due} title={f.precise(of.answer_due)}>
          {t(of.overdue ? 'registration.overdue' : 'registration.due', { when: f.ago(of.answer_due) })}
        </time>
      </Tag>
    );
  const holds = of.state === 'approved' || of.state === 'extension_asked' || of.state === 'converted';
  if (holds && of.protected_until)
    return (
      <Tag tone="ok">
        <time dateTime={of.protected_until} title={f.precise(of.protected_until)}>
          {t('registration.until', { date: f.date(of.protected_until) })}
        </time>
      </Tag>
    );
  return null;
}
