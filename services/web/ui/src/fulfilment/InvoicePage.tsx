import { Button, Group, Textarea } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { FileCheck2 } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, Problem } from '../api/client';
import type { Invoice } from '../api/types';
import { useFormat } from '../app/format';
import { queries } from '../app/queries';
import { Empty, Failed, Page, Section, Waiting } from '../parts/Page';
import { say, told } from '../parts/say';
import { Tag } from '../parts/Tag';
import { CreditForm } from './CreditForm';
import { InvoiceTag, TITLES } from './InvoiceTag';
import o from '../orders/orders.module.css';
import c from './fulfilment.module.css';

export function InvoicePage() {
  const { t } = useTranslation();
  const f = useFormat();
  const { invoice: id } = useParams({ from: '/shell/invoices/$invoice' });
  const [asks, setAsks] = useState<'dispute' | 'cancel' | 'credit'>();
  const asked = useQuery({ queryKey: ['invoice', id], queryFn: () => api.read(`/invoices/${id}`) });
  const invoice = asked.data;
  if (asked.error instanceof Problem && asked.error.status === 404)
    return <Empty icon={FileCheck2} title={t('lost.title')} text={t('lost.text')} />;
  if (asked.isError && !invoice) return <Failed fault={asked.error} retry={() => void asked.refetch()} />;
  if (!invoice)
    return (
      <Page title={t('nav.invoices')}>
        <Waiting rows={8} />
      </Page>
    );
  const approve = async () => {
    try {
      await api.post(`/invoices/${id}/answer`, { answer: 'approve', revision: invoice.revision });
      changed();
      say.done(t('invoice.approved', { number: invoice.number }));
    } catch (fault) {
      say.problem(fault);
    }
  };
  const { may } = invoice;
  return (
    <Page
      wide
      title={t(TITLES[invoice.kind], { number: invoice.number })}
      lead={
        <Link to="/orders/$order" params={{ order: invoice.order.id }}>
          {t('order.title', { number: invoice.order.number })}
        </Link>
      }
      tools={<InvoiceTag invoice={invoice} />}
      actions={
        !asks && (
          <>
            <Button component="a" variant="default" href={`/api/v1/invoices/${id}/pdf`} download>
              {t('order.pdf')}
            </Button>
            {may.cancel && (
              <Button variant="default" onClick={() => setAsks('cancel')}>
                {t('invoice.cancel')}
              </Button>
            )}
            {may.credit && (
              <Button variant="default" onClick={() => setAsks('credit')}>
                {t('credit.write')}
              </Button>
            )}
            {may.dispute && (
              <Button variant="default" onClick={() => setAsks('dispute')}>
                {t('invoice.dispute')}
              </Button>
            )}
            {may.approve && <Button onClick={() => void approve()}>{t('invoice.approve')}</Button>}
          </>
        )
      }
    >
      <div className={o.split}>
        <div className={o.main}>
          {asks === 'credit' && (
            <CreditForm
              invoice={invoice}
              onDone={() => {
                changed();
                setAsks(undefined);
              }}
              onClose={() => setAsks(undefined)}
            />
          )}
          {asks && asks !== 'credit' && <Ask invoice={invoice} asks={asks} onClose={() => setAsks(undefined)} />}
          {invoice.reason && (
            <Section title={t(`invoice.reason.${invoice.state === 'cancelled' ? 'cancelled' : 'disputed'}`)}>
              <p className={o.note}>{invoice.reason}</p>
            </Section>
          )}
          {invoice.kind === 'invoice' && invoice.state !== 'cancelled' && <Differences invoice={invoice} />}
          {invoice.note && (
            <Section
              title={
                invoice.kind === 'credit_note'
                  ? t('credit.reason')
                  : t('order.sellers_note', { name: invoice.seller.name })
              }
            >
              <p className={o.note}>{invoice.note}</p>
            </Section>
          )}
          <Lines invoice={invoice} />
        </div>
        <div className={o.rail}>
          <Section title={t('invoice.facts')}>
            <dl className={o.facts}>
              {facts(invoice, t, f).map(([name, value]) => (
                <div key={name}>
                  <dt>{name}</dt>
                  <dd>{value}</dd>
                </div>
              ))}
              {invoice.cancels && (
                <div>
                  <dt>{t('invoice.cancels')}</dt>
                  <dd>
                    <Link to="/invoices/$invoice" params={{ invoice: invoice.cancels.id }}>
                      {invoice.cancels.number}
                    </Link>
                  </dd>
                </div>
              )}
              {invoice.credits && (
                <div>
                  <dt>{t('credit.credits')}</dt>
                  <dd>
                    <Link to="/invoices/$invoice" params={{ invoice: invoice.credits.id }}>
                      {invoice.credits.number}
                    </Link>
                  </dd>
                </div>
              )}
              {invoice.cancelled_by && (
                <div>
                  <dt>{t('invoice.cancelled_by')}</dt>
                  <dd>
                    <Link to="/invoices/$invoice" params={{ invoice: invoice.cancelled_by }}>
                      {t('invoice.cancellation')}
                    </Link>
                  </dd>
                </div>
              )}
            </dl>
          </Section>
          <CreditNotes invoice={invoice} />
          <Section title={t('fulfil.document')}>
            <p className={o.lead}>{t('fulfil.kept')}</p>
            <code className={c.hash}>{invoice.sha256}</code>
          </Section>
        </div>
      </div>
    </Page>
  );
}

function changed() {
  for (const key of ['invoice', 'invoices', 'order', 'orders', 'deal', 'interchanges'])
    void queries.invalidateQueries({ queryKey: [key] });
}

const facts = (
  invoice: Invoice,
  t: ReturnType<typeof useTranslation>['t'],
  f: ReturnType<typeof useFormat>,
): [string, string][] =>
  [
    [t('order.seller'), invoice.seller.name],
    [t('order.buyer'), invoice.buyer.name],
    [t('invoice.issued_on'), f.date(invoice.issued_on)],
    [t('invoice.due_on'), invoice.due_on ? f.date(invoice.due_on) : ''],
    [t('invoice.terms'), invoice.terms],
    [t(invoice.kind === 'credit_note' ? 'credit.total' : 'invoice.total'), f.money(invoice.total_minor, invoice.currency)],
    [t('credit.credited'), invoice.credited_minor ? f.money(-invoice.credited_minor, invoice.currency) : ''],
  ].filter((pair): pair is [string, string] => !!pair[1]);

/** What was credited of an invoice, each by its paper. */
function CreditNotes({ invoice }: { invoice: Invoice }) {
  const { t } = useTranslation();
  const f = useFormat();
  if (invoice.credit_notes.length === 0) return null;
  return (
    <Section title={t('credit.notes')}>
      <ul className={c.papers}>
        {invoice.credit_notes.map((one) => (
          <li key={one.id}>
            <div>
              <Link to="/invoices/$invoice" params={{ invoice: one.id }}>
                {t('credit.title', { number: one.number })}
              </Link>
              <small>
                {f.date(one.issued_on)} · {f.money(-one.total_minor, invoice.currency)}
              </small>
            </div>
          </li>
        ))}
      </ul>
    </Section>
  );
}

/** Disputing and taking back want a reason, which the other side reads. */
function Ask({ invoice, asks, onClose }: { invoice: Invoice; asks: 'dispute' | 'cancel'; onClose: () => void }) {
  const { t } = useTranslation();
  const [reason, setReason] = useState('');
  const [refusal, setRefusal] = useState('');
  const send = async () => {
    const { id, revision, number } = invoice;
    try {
      if (asks === 'cancel') {
        const back = await api.post(`/invoices/${id}/cancel`, { revision, reason });
        say.done(t('invoice.was_cancelled', { number, back: back.number }));
      } else {
        await api.post(`/invoices/${id}/answer`, { answer: 'dispute', revision, reason });
        say.done(t('invoice.was_disputed', { number }));
      }
      changed();
      onClose();
    } catch (fault) {
      setRefusal(told(fault));
    }
  };
  return (
    <Section title={t(`invoice.${asks}`)}>
      <p className={o.lead}>{t(`invoice.${asks}_means`)}</p>
      <Textarea
        label={t('fulfil.reason')}
        value={reason}
        onChange={(event) => setReason(event.currentTarget.value)}
        autosize
        minRows={2}
        maxLength={500}
      />
      {refusal && (
        <p role="alert" className={o.refusal}>
          {refusal}
        </p>
      )}
      <Group justify="flex-end" gap="xs" mt="xs">
        <Button variant="default" onClick={onClose}>
          {t('do.cancel')}
        </Button>
        <Button disabled={!reason.trim()} onClick={() => void send()}>
          {t(`invoice.${asks}`)}
        </Button>
      </Group>
    </Section>
  );
}

function Differences({ invoice }: { invoice: Invoice }) {
  const { t } = useTranslation();
  const f = useFormat();
  const found = invoice.disagreements;
  return (
    <Section
      title={t('invoice.compared')}
      aside={
        <Tag tone={found.length > 0 ? 'problem' : 'ok'}>
          {found.length > 0 ? t('order.disagrees', { count: found.length }) : t('invoice.agrees')}
        </Tag>
      }
    >
      {found.length === 0 ? (
        <p className={o.lead}>{t('invoice.agrees_means')}</p>
      ) : (
        <div className={o.scroll} tabIndex={0} role="group" aria-label={t('invoice.compared')}>
          <table className={o.table}>
            <thead>
              <tr>
                <th scope="col">{t('order.line')}</th>
                <th scope="col">{t('order.about')}</th>
                <th scope="col" data-end>
                  {t('invoice.expected')}
                </th>
                <th scope="col" data-end>
                  {t('fulfil.invoiced')}
                </th>
              </tr>
            </thead>
            <tbody>
              {found.map((one, at) => (
                <tr key={at}>
                  <td>{one.line ?? ''}</td>
                  <td>{t(`invoice.about.${one.what}`)}</td>
                  <td data-end>{one.expected ? f.decimal(one.expected) : '—'}</td>
                  <td data-end>
                    <b>{f.decimal(one.invoiced)}</b>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </Section>
  );
}

function Lines({ invoice }: { invoice: Invoice }) {
  const { t } = useTranslation();
  const f = useFormat();
  const money = (minor: number) => f.money(minor, invoice.currency);
  const digits = 10 ** f.digits(invoice.currency);
  return (
    <Section title={t('order.lines')}>
      <div className={o.scroll} tabIndex={0} role="group" aria-label={t('order.lines')}>
        <table className={o.table}>
          <thead>
            <tr>
              <th scope="col">{t('order.line')}</th>
              <th scope="col">{t('order.product')}</th>
              {(['quantity', 'unit_price', 'tax_percent'] as const).map((name) => (
                <th key={name} scope="col" data-end>
                  {t(`invoice.${name}`)}
                </th>
              ))}
              <th scope="col" data-end>
                {t('field.amount')}
              </th>
            </tr>
          </thead>
          <tbody>
            {invoice.lines.map((line) => (
              <tr key={line.line}>
                <td>{line.line}</td>
                <td>
                  <b>{line.product}</b>
                  {line.description && <small>{line.description}</small>}
                </td>
                <td data-end>
                  {f.decimal(line.quantity)} {line.unit}
                </td>
                <td data-end>{f.price(line.unit_price, invoice.currency)}</td>
                <td data-end>{line.tax_percent ? `${f.decimal(line.tax_percent)} %` : '—'}</td>
                <td data-end>{money(line.net_minor)}</td>
              </tr>
            ))}
            {invoice.charges.map((one, at) => (
              <tr key={at}>
                <td />
                <td>
                  {invoice.kind === 'credit_note' ? (
                    one.text
                  ) : (
                    <>
                      {t(`invoice.${one.direction}`)}: {t(`invoice.service.${one.service ?? 'freight'}`)}
                      {one.text && <small>{one.text}</small>}
                    </>
                  )}
                </td>
                <td />
                <td />
                <td data-end>{one.tax_percent ? `${f.decimal(one.tax_percent)} %` : '—'}</td>
                <td data-end>
                  {one.direction === 'allowance' ? '−' : ''}
                  {money(Math.round(Number(one.amount) * digits))}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <dl className={c.sums}>
        <div>
          <dt>{t('invoice.before')}</dt>
          <dd>{money(invoice.net_minor)}</dd>
        </div>
        {invoice.taxes.map((tax) => (
          <div key={tax.percent}>
            <dt>
              {t(`invoice.tax.${invoice.tax_kind}`, {
                percent: f.decimal(tax.percent),
                base: money(tax.base_minor),
              })}
            </dt>
            <dd>{money(tax.amount_minor)}</dd>
          </div>
        ))}
        <div data-total>
          <dt>{t(invoice.kind === 'credit_note' ? 'credit.total' : 'invoice.total')}</dt>
          <dd>{money(invoice.total_minor)}</dd>
        </div>
      </dl>
    </Section>
  );
}
