import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import type { TFunction } from 'i18next';
import { HandCoins, Plus } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '../api/client';
import type { Fund, FundPart, FundRequest } from '../api/types';
import { useFormat } from '../app/format';
import { useCan } from '../app/queries';
import { Empty, Failed, Page, Section, Waiting } from '../parts/Page';
import { Table, type Column } from '../parts/Table';
import { Bar } from './Bar';
import { NewFund } from './NewFund';
import { FundTag, RequestTag } from './tags';
import c from './funds.module.css';

/** What we have of our vendors' funds, the funds that we run, and what was asked of them. */
export function FundsPage() {
  const { t } = useTranslation();
  const f = useFormat();
  const can = useCan();
  const navigate = useNavigate();
  const [making, setMaking] = useState(false);
  const funds = useQuery({ queryKey: ['funds'], queryFn: () => api.read('/funds', { limit: 200 }) });
  const parts = useQuery({
    queryKey: ['fund-parts'],
    queryFn: () => api.read('/fund-allocations', { limit: 200 }),
  });
  const requests = useQuery({
    queryKey: ['fund-requests'],
    queryFn: () => api.read('/fund-requests', { limit: 200 }),
  });
  const fault = funds.error ?? parts.error ?? requests.error;
  const run = can('fund.run') && (
    <Button leftSection={<Plus size={15} aria-hidden />} onClick={() => setMaking(true)}>
      {t('fund.new')}
    </Button>
  );
  const rows = { funds: funds.data?.items, parts: parts.data?.items, requests: requests.data?.items };
  return (
    <Page wide title={t('nav.funds')} lead={t('fund.lead')} actions={run}>
      {fault ? (
        <Failed fault={fault} retry={() => void funds.refetch()} />
      ) : !rows.funds || !rows.parts || !rows.requests ? (
        <Waiting rows={8} />
      ) : rows.funds.length + rows.parts.length === 0 ? (
        <Empty icon={HandCoins} title={t('fund.none')} text={t('fund.none_text')} action={run} />
      ) : (
        <div className={c.stack}>
          {rows.parts.length > 0 && (
            <div className={c.cards}>
              {rows.parts.map((part) => (
                <Part key={part.id} part={part} />
              ))}
            </div>
          )}
          {rows.funds.length > 0 && (
            <section className={c.listed}>
              <h2>{t('fund.ours')}</h2>
              <Table
                label={t('fund.ours')}
                rows={rows.funds}
                id={(row) => row.id}
                columns={fundColumns(t, f)}
                onOpen={(row) => void navigate({ to: '/funds/$fund', params: { fund: row.id } })}
              />
            </section>
          )}
          <section className={c.listed}>
            <h2>{t('fund.requests')}</h2>
            {rows.requests.length === 0 ? (
              <p className={c.dim}>{t('fund.no_requests')}</p>
            ) : (
              <Table
                label={t('fund.requests')}
                rows={rows.requests}
                id={(row) => row.id}
                columns={requestColumns(t, f)}
                onOpen={(row) =>
                  void navigate({ to: '/fund-requests/$request', params: { request: row.id } })
                }
              />
            )}
          </section>
        </div>
      )}
      {making && <NewFund onClose={() => setMaking(false)} />}
    </Page>
  );
}

/** A partner's part of a fund: what is left of it, and the way to ask. */
function Part({ part }: { part: FundPart }) {
  const { t } = useTranslation();
  const f = useFormat();
  const can = useCan();
  const navigate = useNavigate();
  return (
    <Section title={part.name} aside={<FundTag state={part.state} />}>
      <p className={c.rest}>
        <strong>{f.money(part.rest_minor, part.currency)}</strong>
        <span>{t('fund.left_of', { amount: f.money(part.amount_minor, part.currency), name: part.vendor.name })}</span>
      </p>
      <Bar
        label={part.name}
        currency={part.currency}
        pots={[
          ['paid', part.paid_minor],
          ['claimed', part.claimed_minor],
          ['reserved', part.reserved_minor],
          ['pending', part.pending_minor],
          ['free', part.rest_minor],
        ]}
      />
      <p className={c.dim}>
        {t('fund.terms', {
          share: f.percent(part.share_percent * 100),
          from: f.date(part.starts_on),
          to: f.date(part.ends_on),
          days: part.claim_days,
        })}
      </p>
      {part.words && <p className={c.words}>{part.words}</p>}
      {can('fund.claim') && part.state === 'open' && part.rest_minor > 0 && (
        <Button
          className={c.wide}
          onClick={() => void navigate({ to: '/funds/ask/$allocation', params: { allocation: part.id }, search: {} })}
        >
          {t('fund.ask')}
        </Button>
      )}
    </Section>
  );
}

const fundColumns = (t: TFunction, f: ReturnType<typeof useFormat>): Column<Fund>[] => [
  { key: 'name', title: t('fund.name'), width: 'minmax(140px, 2fr)', cell: (row) => row.name },
  {
    key: 'period',
    title: t('fund.period'),
    width: 'minmax(150px, 1fr)',
    minor: true,
    cell: (row) => `${f.date(row.starts_on)} – ${f.date(row.ends_on)}`,
  },
  { key: 'amount', title: t('fund.amount'), width: '120px', end: true, cell: (row) => f.money(row.amount_minor, row.currency) },
  { key: 'free', title: t('fund.pot.free'), width: '120px', minor: true, end: true, cell: (row) => f.money(row.free_minor, row.currency) },
  { key: 'paid', title: t('fund.pot.paid'), width: '120px', minor: true, end: true, cell: (row) => f.money(row.paid_minor, row.currency) },
  { key: 'state', title: t('field.state'), width: '110px', cell: (row) => <FundTag state={row.state} /> },
];

const requestColumns = (t: TFunction, f: ReturnType<typeof useFormat>): Column<FundRequest>[] => [
  { key: 'title', title: t('fund.activity'), width: 'minmax(130px, 2fr)', cell: (row) => row.title },
  {
    key: 'other',
    title: t('fund.other'),
    width: 'minmax(120px, 1fr)',
    minor: true,
    cell: (row) => (row.side === 'vendor' ? row.partner.name : row.vendor.name),
  },
  { key: 'fund', title: t('fund.fund'), width: 'minmax(120px, 1fr)', minor: true, cell: (row) => row.fund_name },
  { key: 'asked', title: t('fund.asked'), width: '120px', minor: true, end: true, cell: (row) => f.money(row.asked_minor, row.currency) },
  {
    key: 'approved',
    title: t('fund.approved'),
    width: '120px',
    minor: true,
    end: true,
    cell: (row) => (row.approved_minor ? f.money(row.approved_minor, row.currency) : ''),
  },
  { key: 'state', title: t('field.state'), width: '170px', cell: (row) => <RequestTag state={row.state} /> },
];
