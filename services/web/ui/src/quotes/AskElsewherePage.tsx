import { Button, Group, Textarea, TextInput } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '../api/client';
import { queries } from '../app/queries';
import { NOBODY, SellerFields } from '../orders/SellerFields';
import { Page, Section } from '../parts/Page';
import { say, told } from '../parts/say';
import { blank, toLines, type Draft } from './draft';
import { Grid } from './Grid';
import c from './quotes.module.css';

/** Columns of a quote that a request has not. */
const WITHOUT: (keyof Draft)[] = ['price_per', 'discount'];

/** A request for quote to a seller that is not on the hub: written here, sent by EDI. */
export function AskElsewherePage() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const [seller, setSeller] = useState(NOBODY);
  const [number, setNumber] = useState('');
  const [by, setBy] = useState('');
  const [note, setNote] = useState('');
  const [drafts, setDrafts] = useState([blank()]);
  const [refusal, setRefusal] = useState('');
  const [busy, setBusy] = useState(false);
  const lines = toLines(drafts);
  const send = async () => {
    setBusy(true);
    try {
      const rfq = await api.post('/rfqs', {
        seller,
        number: number.trim() || null,
        lines,
        note,
        answer_by: by || null,
      });
      void queries.invalidateQueries({ queryKey: ['rfqs'] });
      say.done(t('rfq.asked'));
      await navigate({ to: '/rfqs/$rfq', params: { rfq: rfq.id } });
    } catch (fault) {
      setRefusal(told(fault));
      setBusy(false);
    }
  };
  return (
    <Page wide title={t('rfq.ask')} lead={t('rfq.elsewhere_lead')}>
      <Section title={t('order.to')}>
        <div className={c.head}>
          <SellerFields seller={seller} onChange={setSeller} papers={['840', 'REQOTE']} />
          <TextInput
            label={t('order.own_number')}
            placeholder={t('rfq.number_lead')}
            value={number}
            maxLength={22}
            onChange={(event) => setNumber(event.currentTarget.value)}
          />
          <TextInput
            label={t('rfq.answer_by')}
            type="date"
            value={by}
            onChange={(event) => setBy(event.currentTarget.value)}
          />
        </div>
      </Section>
      <Section title={t('rfq.lines')}>
        <Grid drafts={drafts} onChange={setDrafts} currency="EUR" hoped without={WITHOUT} />
        <div className={c.head}>
          <Textarea
            className={c.terms}
            label={t('order.note_to')}
            value={note}
            onChange={(event) => setNote(event.currentTarget.value)}
            autosize
            minRows={2}
            maxLength={2000}
          />
        </div>
        {refusal && (
          <p role="alert" className={c.refusal}>
            {refusal}
          </p>
        )}
        <Group justify="flex-end">
          <Button
            loading={busy}
            disabled={!seller.name.trim() || !seller.identifier || lines.length === 0}
            onClick={() => void send()}
          >
            {t('rfq.send')}
          </Button>
        </Group>
      </Section>
    </Page>
  );
}
