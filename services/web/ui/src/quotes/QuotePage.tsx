import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { FileText } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, Problem } from '../api/client';
import type { Quote } from '../api/types';
import { useFormat } from '../app/format';
import { useMe } from '../app/queries';
import { Empty, Failed, Page, Section, Waiting } from '../parts/Page';
import { say } from '../parts/say';
import { AnswerQuote } from './AnswerQuote';
import { Editor, type Written } from './Editor';
import { History } from './History';
import { keep } from './keep';
import { Lines } from './Lines';
import { Papers } from './Papers';
import { QuoteTag } from './QuoteTag';
import { FREE_DISCOUNT, send } from './send';
import c from './quotes.module.css';

export function QuotePage() {
  const { t } = useTranslation();
  const { quote: id } = useParams({ from: '/shell/quotes/$quote' });
  const asked = useQuery({ queryKey: ['quote', id], queryFn: () => api.read(`/quotes/${id}`) });
  const quote = asked.data;
  if (asked.error instanceof Problem && asked.error.status === 404)
    return <Empty icon={FileText} title={t('lost.title')} text={t('lost.text')} />;
  if (asked.isError && !quote) return <Failed fault={asked.error} retry={() => void asked.refetch()} />;
  if (!quote)
    return (
      <Page title={t('nav.quotes')}>
        <Waiting rows={8} />
      </Page>
    );
  return <Shown key={quote.id} quote={quote} />;
}

function Shown({ quote }: { quote: Quote }) {
  const { t } = useTranslation();
  const f = useFormat();
  const me = useMe();
  const [editing, setEditing] = useState(false);
  const revision = quote.revisions.find((one) => one.rev === quote.rev) ?? quote.revisions.at(-1)!;
  const may = (what: Quote['may'][number]) => quote.may.includes(what);
  const writes = may('write') && (editing || quote.state === 'draft');
  const move = async (step: 'send' | 'revise' | 'withdraw' | 'approve') => {
    try {
      keep(
        step === 'approve'
          ? await api.post(`/quotes/${quote.id}/approve`, { revision: quote.revision })
          : await api.post(`/quotes/${quote.id}/moves`, { move: step, revision: quote.revision }),
      );
      say.done(t(`quote.did.${step}`, { number: quote.number }));
    } catch (fault) {
      say.problem(fault);
    }
  };
  const save = async (written: Written) => {
    const saved = await api.put(`/quotes/${quote.id}/draft`, { ...written, revision: quote.revision });
    keep(saved);
    setEditing(false);
    say.done(t('quote.saved'));
    return saved;
  };
  const tooDeep = (deepest: number) => me.role === 'seller' && deepest > FREE_DISCOUNT;
  return (
    <Page
      wide
      title={t('quote.title', { number: quote.number })}
      lead={
        <>
          {quote.side === 'seller'
            ? t('quote.to', { name: quote.buyer.name })
            : t('quote.from', { name: quote.seller.name })}
          {' · '}
          {t('quote.until', { date: f.date(quote.valid_until) })}
        </>
      }
      tools={<QuoteTag state={quote.state} />}
      actions={
        <>
          {revision.lines.length > 0 && revision.lines.every((line) => line.amount_minor != null) && (
            <Button
              component="a"
              variant="default"
              href={`/api/v1/quotes/${quote.id}/pdf?revision=${revision.rev}`}
              download
            >
              {t('quote.pdf')}
            </Button>
          )}
          {may('withdraw') && (
            <Button variant="default" onClick={() => void move('withdraw')}>
              {t('quote.withdraw')}
            </Button>
          )}
          {may('write') && quote.state !== 'draft' && !editing && (
            <Button variant="default" onClick={() => setEditing(true)}>
              {t('quote.edit')}
            </Button>
          )}
          {may('approve') && !editing && (
            <Button onClick={() => void move('approve')}>{t('quote.approve')}</Button>
          )}
          {may('send') && !editing && <Button onClick={() => void move('send')}>{t('quote.send')}</Button>}
          {may('revise') && (
            <Button onClick={() => void move('revise')}>{t('quote.revise', { rev: quote.rev + 1 })}</Button>
          )}
        </>
      }
    >
      <div className={c.split} data-editing={writes || undefined}>
        <div className={c.main}>
          <p className={c.state}>
            {t(`quote.means.${quote.side}_${quote.state}`, {
              other: quote.side === 'seller' ? quote.buyer.name : quote.seller.name,
            })}
          </p>
          {writes ? (
            <Editor
              key={`${quote.rev}`}
              from={revision}
              buyer={quote.buyer.id ?? undefined}
              onSave={async (written) => void (await save(written))}
              onSend={async (written, deepest) => {
                await send(await save(written), tooDeep(deepest));
              }}
              sendWord={(deepest) =>
                tooDeep(deepest) ? t('quote.ask_approval') : t('quote.send_to', { name: quote.buyer.name })
              }
              onCancel={editing ? () => setEditing(false) : undefined}
            />
          ) : (
            <Lines revision={revision} />
          )}
          {may('answer') && <AnswerQuote key={revision.sha256} quote={quote} revision={revision} />}
        </div>
        <div className={c.rail}>
          <Section title={t('order.deal')}>
            <p className={c.lead}>
              {quote.deal ? (
                <Link to="/deals/$deal" params={{ deal: quote.deal.id }}>
                  {quote.deal.title ?? t('order.deal')}
                </Link>
              ) : (
                t(quote.seller.id ? 'quote.no_deal' : 'rfq.elsewhere')
              )}
            </p>
            {quote.rfq && (
              <p className={c.lead}>
                <Link to="/rfqs/$rfq" params={{ rfq: quote.rfq.id }}>
                  {t('event.rfq', { number: quote.rfq.number })}
                </Link>
              </p>
            )}
            {quote.order && (
              <p className={c.lead}>
                <Link to="/orders/$order" params={{ order: quote.order }}>
                  {t('quote.to_order')}
                </Link>
              </p>
            )}
          </Section>
          <Papers of="quote" id={quote.id} />
          <History quote={quote} />
        </div>
      </div>
    </Page>
  );
}
