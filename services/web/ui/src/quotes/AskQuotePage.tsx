import { Button, Group, NativeSelect, Textarea, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useParams } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '../api/client';
import type { Deal } from '../api/types';
import { queries, useMe } from '../app/queries';
import { Failed, Page, Section, Waiting } from '../parts/Page';
import { say, told } from '../parts/say';
import { blank, toLines } from './draft';
import { Grid } from './Grid';
import c from './quotes.module.css';

export function AskQuotePage() {
  const { t } = useTranslation();
  const { deal: id } = useParams({ from: '/shell/deals/$deal/ask' });
  const deal = useQuery({ queryKey: ['deal', id], queryFn: () => api.read(`/deals/${id}`) });
  if (deal.isError) return <Failed fault={deal.error} retry={() => void deal.refetch()} />;
  if (!deal.data)
    return (
      <Page title={t('rfq.ask')}>
        <Waiting rows={6} />
      </Page>
    );
  return <Ask deal={deal.data} />;
}

function Ask({ deal }: { deal: Deal }) {
  const { t } = useTranslation();
  const me = useMe();
  const navigate = useNavigate();
  const others = deal.parties.filter((one) => one.id !== me.organisation.id);
  const [seller, setSeller] = useState(others[0]?.id ?? '');
  const [drafts, setDrafts] = useState([blank()]);
  const [note, setNote] = useState('');
  const [by, setBy] = useState('');
  const [refusal, setRefusal] = useState('');
  const [busy, setBusy] = useState(false);
  const lines = toLines(drafts);
  const send = async () => {
    setBusy(true);
    try {
      await api.post(`/deals/${deal.id}/rfqs`, { seller, lines, note, answer_by: by || null });
      void queries.invalidateQueries({ queryKey: ['rfqs'] });
      say.done(t('rfq.asked'));
      await navigate({ to: '/deals/$deal', params: { deal: deal.id } });
    } catch (fault) {
      setRefusal(told(fault));
      setBusy(false);
    }
  };
  return (
    <Page wide title={t('rfq.ask')} lead={t('quote.new_lead', { title: deal.title ?? '' })}>
      <Section title={t('quote.lines')}>
        <Grid drafts={drafts} onChange={setDrafts} currency="EUR" priced={false} />
        <div className={c.head}>
          <NativeSelect
            label={t('order.seller')}
            value={seller}
            onChange={(event) => setSeller(event.currentTarget.value)}
            data={others.map((one) => ({ value: one.id, label: one.name }))}
          />
          <TextInput
            label={t('rfq.answer_by')}
            type="date"
            value={by}
            onChange={(event) => setBy(event.currentTarget.value)}
          />
          <Textarea
            className={c.terms}
            label={t('quote.note')}
            value={note}
            onChange={(event) => setNote(event.currentTarget.value)}
            autosize
            minRows={2}
            maxLength={2000}
          />
        </div>
        <p className={c.lead}>
          <Link to="/rfqs/new">{t('rfq.elsewhere_link')}</Link>
        </p>
        {refusal && (
          <p role="alert" className={c.refusal}>
            {refusal}
          </p>
        )}
        <Group justify="flex-end">
          <Button loading={busy} disabled={!seller || lines.length === 0} onClick={() => void send()}>
            {t('rfq.send')}
          </Button>
        </Group>
      </Section>
    </Page>
  );
}
