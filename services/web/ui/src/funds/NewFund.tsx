import { Button, Checkbox, Group, Modal, NativeSelect, NumberInput, Textarea, TextInput } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { useState, type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '../api/client';
import { PROOF_KINDS, type FundProofKind } from '../api/types';
import { readMinor, useFormat } from '../app/format';
import { queries } from '../app/queries';
import { CURRENCIES } from '../deals/NewDeal';
import { told } from '../parts/say';
import { Money } from './Money';
import c from './funds.module.css';

/** A fund is written as a draft; its money is there once it is opened. */
export function NewFund({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const f = useFormat();
  const navigate = useNavigate();
  const year = new Date().getFullYear();
  const [form, setForm] = useState({
    name: '',
    currency: 'EUR',
    starts_on: `${year}-01-01`,
    ends_on: `${year}-12-31`,
    share_percent: 50,
    claim_days: 60,
    words: '',
    proofs: ['invoice'] as FundProofKind[],
  });
  const [amount, setAmount] = useState('');
  const [refusal, setRefusal] = useState('');
  const [busy, setBusy] = useState(false);
  const set = (next: Partial<typeof form>) => setForm((now) => ({ ...now, ...next }));
  const send = async (event: FormEvent) => {
    event.preventDefault();
    const minor = readMinor(amount, f.digits(form.currency));
    if (minor === null) return setRefusal(t('problem.amount'));
    setBusy(true);
    try {
      const made = await api.post('/funds', { ...form, amount_minor: minor });
      void queries.invalidateQueries({ queryKey: ['funds'] });
      await navigate({ to: '/funds/$fund', params: { fund: made.id } });
    } catch (fault) {
      setRefusal(told(fault));
      setBusy(false);
    }
  };
  return (
    <Modal opened onClose={onClose} title={t('fund.new')} closeButtonProps={{ 'aria-label': t('do.close') }} size="lg">
      <form className={c.form} onSubmit={(event) => void send(event)} noValidate>
        <TextInput
          label={t('fund.name')}
          value={form.name}
          onChange={(event) => set({ name: event.currentTarget.value })}
          maxLength={120}
          data-autofocus
        />
        <div className={c.pair}>
          <Money label={t('fund.amount')} value={amount} onChange={setAmount} currency={form.currency} />
          <NativeSelect
            size="md"
            label={t('field.currency')}
            value={form.currency}
            onChange={(event) => set({ currency: event.currentTarget.value })}
            data={[...CURRENCIES]}
          />
          <TextInput type="date" label={t('fund.from')} value={form.starts_on} onChange={(event) => set({ starts_on: event.currentTarget.value })} />
          <TextInput type="date" label={t('fund.to')} value={form.ends_on} onChange={(event) => set({ ends_on: event.currentTarget.value })} />
          <NumberInput
            label={t('fund.share')}
            value={form.share_percent}
            onChange={(value) => set({ share_percent: Number(value) })}
            min={1}
            max={100}
            suffix=" %"
            hideControls
          />
          <NumberInput
            label={t('fund.claim_days')}
            value={form.claim_days}
            onChange={(value) => set({ claim_days: Number(value) })}
            min={0}
            max={365}
            hideControls
          />
        </div>
        <Textarea
          label={t('fund.words')}
          value={form.words}
          onChange={(event) => set({ words: event.currentTarget.value })}
          autosize
          minRows={2}
          maxLength={4000}
        />
        <Checkbox.Group
          label={t('fund.proofs')}
          value={form.proofs}
          onChange={(proofs) => set({ proofs: proofs as FundProofKind[] })}
        >
          <Group gap="md" mt={6}>
            {PROOF_KINDS.map((kind) => (
              <Checkbox key={kind} value={kind} label={t(`fund.proof.${kind}`)} />
            ))}
          </Group>
        </Checkbox.Group>
        {refusal && (
          <p role="alert" className={c.refusal}>
            {refusal}
          </p>
        )}
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose}>
            {t('do.cancel')}
          </Button>
          <Button type="submit" loading={busy} disabled={!form.name.trim() || !amount.trim()}>
            {t('fund.create')}
          </Button>
        </Group>
      </form>
    </Modal>
  );
}
