import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { Truck } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { api, Problem } from '../api/client';
import { useFormat } from '../app/format';
import { Empty, Failed, Page, Section, Waiting } from '../parts/Page';
import o from '../orders/orders.module.css';
import c from './fulfilment.module.css';

export function ShipmentPage() {
  const { t } = useTranslation();
  const f = useFormat();
  const { shipment: id } = useParams({ from: '/shell/shipments/$shipment' });
  const asked = useQuery({ queryKey: ['shipment', id], queryFn: () => api.read(`/shipments/${id}`) });
  const shipment = asked.data;
  if (asked.error instanceof Problem && asked.error.status === 404)
    return <Empty icon={Truck} title={t('lost.title')} text={t('lost.text')} />;
  if (asked.isError && !shipment) return <Failed fault={asked.error} retry={() => void asked.refetch()} />;
  if (!shipment)
    return (
      <Page title={t('shipment.one')}>
        <Waiting rows={6} />
      </Page>
    );
  const facts = [
    [t('order.seller'), shipment.seller.name],
    [t('order.buyer'), shipment.buyer.name],
    [t('shipment.sent_on'), f.date(shipment.sent_on)],
    [t('shipment.expected_on'), shipment.expected_on && f.date(shipment.expected_on)],
    [t('shipment.carrier'), shipment.carrier],
    [t('shipment.tracking'), shipment.tracking],
  ].filter(([, value]) => value);
  return (
    <Page
      wide
      title={t('shipment.title', { number: shipment.number })}
      lead={
        <Link to="/orders/$order" params={{ order: shipment.order.id }}>
          {t('order.title', { number: shipment.order.number })}
        </Link>
      }
      actions={
        <Button component="a" variant="default" href={`/api/v1/shipments/${id}/pdf`} download>
          {t('order.pdf')}
        </Button>
      }
    >
      <div className={o.split}>
        <div className={o.main}>
          {shipment.note && (
            <Section title={t('order.sellers_note', { name: shipment.seller.name })}>
              <p className={o.note}>{shipment.note}</p>
            </Section>
          )}
          <Section title={t('order.lines')}>
            <div className={o.scroll} tabIndex={0} role="group" aria-label={t('order.lines')}>
              <table className={o.table}>
                <thead>
                  <tr>
                    <th scope="col">{t('order.line')}</th>
                    <th scope="col">{t('order.product')}</th>
                    <th scope="col" data-end>
                      {t('order.quantity')}
                    </th>
                    {shipment.contents.length > 0 && <th scope="col">{t('shipment.package')}</th>}
                  </tr>
                </thead>
                <tbody>
                  {shipment.lines.map((line, at) => (
                    <tr key={at}>
                      <td>{line.line}</td>
                      <td>
                        <b>{line.product}</b>
                        {line.description && <small>{line.description}</small>}
                      </td>
                      <td data-end>
                        {f.decimal(line.quantity)} {line.unit}
                      </td>
                      {shipment.contents.length > 0 && <td>{line.package ?? ''}</td>}
                    </tr>
                  ))}
                </tbody>
              </table>
            </div>
          </Section>
        </div>
        <div className={o.rail}>
          <Section title={t('shipment.one')}>
            <dl className={o.facts}>
              {facts.map(([name, value]) => (
                <div key={name}>
                  <dt>{name}</dt>
                  <dd>{value}</dd>
                </div>
              ))}
            </dl>
          </Section>
          {shipment.contents.length > 0 && (
            <Section title={t('shipment.packages')}>
              <dl className={o.facts}>
                {shipment.contents.map((one, at) => (
                  <div key={at}>
                    <dt>
                      {at + 1} · {t(`shipment.kind.${one.kind ?? 'carton'}`)}
                    </dt>
                    <dd>{one.sscc && <code>{one.sscc}</code>}</dd>
                  </div>
                ))}
              </dl>
            </Section>
          )}
          <Section title={t('fulfil.document')}>
            <p className={o.lead}>{t('fulfil.kept')}</p>
            <code className={c.hash}>{shipment.sha256}</code>
          </Section>
        </div>
      </div>
    </Page>
  );
}
