import { useTranslation } from 'react-i18next';
import type { FundClaimState, FundRequestState, FundState } from '../api/types';
import { Tag, type Tone } from '../parts/Tag';

const FUND: Record<FundState, Tone> = { draft: 'plain', open: 'ok', closed: 'plain' };
const REQUEST: Record<FundRequestState, Tone> = {
  draft: 'plain',
  submitted: 'wait',
  in_review: 'wait',
  approved: 'ok',
  rejected: 'problem',
  action_required: 'info',
  withdrawn: 'plain',
  used: 'ok',
  expired: 'problem',
};
const CLAIM: Record<FundClaimState, Tone> = {
  draft: 'plain',
  submitted: 'wait',
  in_review: 'wait',
  approved: 'wait',
  rejected: 'problem',
  action_required: 'info',
  paid: 'ok',
};

export function FundTag({ state }: { state: FundState }) {
  const { t } = useTranslation();
  return <Tag tone={FUND[state]}>{t(`fund.state.${state}`)}</Tag>;
}

export function RequestTag({ state }: { state: FundRequestState }) {
  const { t } = useTranslation();
  return <Tag tone={REQUEST[state]}>{t(`fund.request_state.${state}`)}</Tag>;
}

export function ClaimTag({ state }: { state: FundClaimState }) {
  const { t } = useTranslation();
  return <Tag tone={CLAIM[state]}>{t(`fund.claim_state.${state}`)}</Tag>;
}
