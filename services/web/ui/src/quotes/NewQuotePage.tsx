import { NativeSelect, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '../api/client';
import type { Deal, Rfq } from '../api/types';
import { useMe } from '../app/queries';
import { Failed, Page, Section, Waiting } from '../parts/Page';
import { say } from '../parts/say';
import { toDraft } from './draft';
import { Editor, type Written } from './Editor';
import { keep } from './keep';
import { FREE_DISCOUNT, send } from './send';
import c from './quotes.module.css';

export function NewQuotePage() {
  const { t } = useTranslation();
  const { deal: id } = useParams({ from: '/shell/deals/$deal/quote' });
  const { rfq: asked } = useSearch({ from: '/shell/deals/$deal/quote' });
  const deal = useQuery({ queryKey: ['deal', id], queryFn: () => api.read(`/deals/${id}`) });
  const rfq = useQuery({
    queryKey: ['rfqs', 'one', asked],
    queryFn: () => api.read(`/rfqs/${asked!}`),
    enabled: !!asked,
  });
  const fault = deal.error ?? rfq.error;
  if (fault) return <Failed fault={fault} retry={() => void Promise.all([deal.refetch(), rfq.refetch()])} />;
  if (!deal.data || (asked && !rfq.data))
    return (
      <Page title={t('quote.new')}>
        <Waiting rows={8} />
      </Page>
    );
  return <Fresh deal={deal.data} rfq={rfq.data} />;
}

const OUTSIDE = 'outside';

function Fresh({ deal, rfq }: { deal: Deal; rfq?: Rfq }) {
  const { t } = useTranslation();
  const me = useMe();
  const navigate = useNavigate();
  const others = deal.parties.filter((one) => one.id !== me.organisation.id);
  const [buyer, setBuyer] = useState(rfq ? (rfq.buyer.id ?? OUTSIDE) : (others[0]?.id ?? OUTSIDE));
  const [name, setName] = useState(rfq?.buyer.name ?? deal.account ?? '');
  const [number, setNumber] = useState('');
  const create = async (written: Written) => {
    const made = await api.post(`/deals/${deal.id}/quotes`, {
      ...written,
      ...(buyer === OUTSIDE ? { buyer_name: name } : { buyer }),
      ...(number.trim() ? { number: number.trim() } : {}),
      ...(rfq ? { rfq: rfq.id } : {}),
    });
    keep(made);
    return made;
  };
  const open = (quote: string) => navigate({ to: '/quotes/$quote', params: { quote }, replace: true });
  const tooDeep = (deepest: number) => me.role === 'seller' && deepest > FREE_DISCOUNT;
  return (
    <Page wide title={t('quote.new')} lead={t('quote.new_lead', { title: deal.title ?? '' })}>
      <Section title={t('quote.for')}>
        <div className={c.head}>
          <NativeSelect
            label={t('order.buyer')}
            value={buyer}
            disabled={!!rfq}
            onChange={(event) => setBuyer(event.currentTarget.value)}
            data={[
              ...others.map((one) => ({ value: one.id, label: one.name })),
              { value: OUTSIDE, label: t('quote.outside') },
            ]}
          />
          {buyer === OUTSIDE && (
            <TextInput
              label={t('quote.buyer_name')}
              value={name}
              onChange={(event) => setName(event.currentTarget.value)}
            />
          )}
          <TextInput
            label={t('quote.number')}
            placeholder={t('quote.number_auto')}
            value={number}
            maxLength={22}
            onChange={(event) => setNumber(event.currentTarget.value)}
          />
        </div>
        {rfq?.note && <p className={c.said}>{rfq.note}</p>}
      </Section>
      <Editor
        start={rfq?.lines.map(toDraft)}
        buyer={buyer === OUTSIDE ? undefined : buyer}
        onSave={async (written) => {
          const made = await create(written);
          say.done(t('quote.saved'));
          await open(made.id);
        }}
        onSend={async (written, deepest) => {
          const made = await create(written);
          try {
            await send(made, tooDeep(deepest));
          } catch (fault) {
            say.problem(fault);
          }
          await open(made.id);
        }}
        sendWord={(deepest) => (tooDeep(deepest) ? t('quote.ask_approval') : t('quote.send'))}
      />
    </Page>
  );
}
