import { Button, Checkbox, FileButton, Group, NativeSelect, Textarea } from '@mantine/core';
import { FileText, Upload, X } from 'lucide-react';
import { useState, type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '../api/client';
import { PROOF_KINDS, type FundClaim, type FundProofKind, type FundRequest } from '../api/types';
import { readMinor, useFormat } from '../app/format';
import { Section } from '../parts/Page';
import { say, told } from '../parts/say';
import { Money } from './Money';
import { keep, Moves } from './Moves';
import { ClaimTag } from './tags';
import c from './funds.module.css';

/** A claim with its proofs, and what can be done with it. */
export function Claim({ claim, it }: { claim: FundClaim; it: FundRequest }) {
  const { t } = useTranslation();
  const f = useFormat();
  const missing = it.proofs.filter((kind) => !claim.proofs.some((proof) => proof.kind === kind));
  const rows: [string, string | undefined | null][] = [
    [t('fund.spent'), f.money(claim.cost_minor, it.currency)],
    [t('fund.claimed'), f.money(claim.asked_minor, it.currency)],
    [t('fund.approved'), claim.approved_minor ? f.money(claim.approved_minor, it.currency) : undefined],
    [t('fund.reference'), claim.payment],
    [t('fund.note'), claim.note],
  ];
  const drop = async (proof: string) => {
    try {
      keep(await api.drop(`/fund-claims/${claim.id}/proofs/${proof}`));
    } catch (fault) {
      say.problem(fault);
    }
  };
  return (
    <Section title={t('fund.claim')} aside={<ClaimTag state={claim.state} />}>
      <dl className={c.facts}>
        {rows
          .filter(([, value]) => value)
          .map(([name, value]) => [<dt key={name}>{name}</dt>, <dd key={`${name}=`}>{value}</dd>])}
      </dl>
      <h3 className={c.small}>{t('fund.proofs')}</h3>
      <ul className={c.proofs} aria-label={t('fund.proofs')}>
        {claim.proofs.map((proof) => (
          <li key={proof.id}>
            <FileText size={16} aria-hidden />
            <a href={`/api/v1/fund-claims/${claim.id}/proofs/${proof.id}`} download={proof.name}>
              {proof.name}
            </a>
            <small>
              {t(`fund.proof.${proof.kind}`)} · {f.bytes(proof.bytes)}
            </small>
            {claim.writable && (
              <Button
                size="compact-xs"
                variant="subtle"
                aria-label={t('fund.drop_proof', { name: proof.name })}
                onClick={() => void drop(proof.id)}
              >
                <X size={14} aria-hidden />
              </Button>
            )}
          </li>
        ))}
      </ul>
      {claim.proofs.length === 0 && <p className={c.dim}>{t('fund.no_proofs')}</p>}
      {claim.writable && (
        <>
          {missing.length > 0 && (
            <p className={c.dim}>
              {t('fund.missing', { kinds: missing.map((kind) => t(`fund.proof.${kind}`)).join(', ') })}
            </p>
          )}
          <Prove claim={claim} first={missing[0] ?? 'invoice'} />
        </>
      )}
      <Moves key={`${claim.state}-${claim.revision}`} it={it} claim={claim} />
    </Section>
  );
}

function Prove({ claim, first }: { claim: FundClaim; first: FundProofKind }) {
  const { t } = useTranslation();
  const [kind, setKind] = useState<FundProofKind>(first);
  const [refusal, setRefusal] = useState('');
  const [busy, setBusy] = useState(false);
  const send = async (file: File | null) => {
    if (!file) return;
    setBusy(true);
    setRefusal('');
    try {
      const asked = new URLSearchParams({ kind, name: file.name });
      keep(await api.upload(`/fund-claims/${claim.id}/proofs`, file, asked));
    } catch (fault) {
      setRefusal(told(fault));
    }
    setBusy(false);
  };
  return (
    <div className={c.change}>
      <NativeSelect
        label={t('fund.proof_kind')}
        value={kind}
        onChange={(event) => setKind(event.currentTarget.value as FundProofKind)}
        data={PROOF_KINDS.map((value) => ({ value, label: t(`fund.proof.${value}`) }))}
      />
      <FileButton onChange={(file) => void send(file)} accept="application/pdf,image/png,image/jpeg,image/gif,image/webp">
        {(props) => (
          <Button {...props} variant="default" loading={busy} leftSection={<Upload size={15} aria-hidden />}>
            {t('fund.add_proof')}
          </Button>
        )}
      </FileButton>
      {refusal && (
        <p role="alert" className={c.refusal}>
          {refusal}
        </p>
      )}
    </div>
  );
}

/** What it cost, and what of that is claimed; proofs follow. */
export function NewClaim({ it }: { it: FundRequest }) {
  const { t } = useTranslation();
  const f = useFormat();
  const digits = f.digits(it.currency);
  const [cost, setCost] = useState('');
  const [asked, setAsked] = useState('');
  const [last, setLast] = useState(true);
  const [note, setNote] = useState('');
  const [refusal, setRefusal] = useState('');
  const [busy, setBusy] = useState(false);
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    const [costs, asks] = [readMinor(cost, digits), readMinor(asked, digits)];
    if (costs === null || asks === null) return setRefusal(t('problem.amount'));
    setBusy(true);
    try {
      keep(await api.post(`/fund-requests/${it.id}/claims`, { cost_minor: costs, asked_minor: asks, last, note }));
    } catch (fault) {
      setRefusal(told(fault));
      setBusy(false);
    }
  };
  return (
    <Section title={t('fund.new_claim')}>
      <form className={c.form} onSubmit={(event) => void submit(event)} noValidate>
        <div className={c.pair}>
          <Money label={t('fund.spent')} value={cost} onChange={setCost} currency={it.currency} />
          <Money
            label={t('fund.claimed')}
            value={asked}
            onChange={setAsked}
            currency={it.currency}
            hint={t('fund.at_most', { amount: f.money(it.rest_minor, it.currency) })}
          />
        </div>
        <Checkbox checked={last} onChange={(event) => setLast(event.currentTarget.checked)} label={t('fund.last')} />
        <Textarea
          label={t('fund.note')}
          value={note}
          onChange={(event) => setNote(event.currentTarget.value)}
          autosize
          minRows={1}
          maxLength={4000}
        />
        {refusal && (
          <p role="alert" className={c.refusal}>
            {refusal}
          </p>
        )}
        <Group justify="flex-end">
          <Button type="submit" loading={busy} disabled={!cost.trim() || !asked.trim()}>
            {t('fund.begin_claim')}
          </Button>
        </Group>
      </form>
    </Section>
  );
}
