import { useTranslation } from 'react-i18next';
import type { LeadOfferState, LeadState } from '../api/types';
import { useFormat } from '../app/format';
import { Tag, type Tone } from '../parts/Tag';

const TONE: Record<LeadState | LeadOfferState, Tone> = {
  new: 'info',
  qualified: 'plain',
  disqualified: 'problem',
  offered: 'wait',
  accepted: 'ok',
  converted: 'ok',
  declined: 'problem',
  returned: 'problem',
  lapsed: 'problem',
  withdrawn: 'plain',
};

export function LeadTag({ state }: { state: LeadState | LeadOfferState }) {
  const { t } = useTranslation();
  return <Tag tone={TONE[state]}>{t(`lead.state.${state}`)}</Tag>;
}

/** Until when it is to be accepted. */
export function Due({ state, at }: { state?: LeadOfferState; at?: string | null }) {
  const { t } = useTranslation();
  const f = useFormat();
  if (state !== 'offered' || !at) return null;
  const late = new Date(at).getTime() <= Date.now();
  return (
    <Tag tone={late ? 'problem' : 'wait'}>
      <time dateTime={at} title={f.precise(at)}>
        {t(late ? 'lead.late' : 'lead.due', { when: f.ago(at) })}
      </time>
    </Tag>
  );
}
