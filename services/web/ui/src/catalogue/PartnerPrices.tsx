import { NativeSelect } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Tags } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '../api/client';
import { useFormat } from '../app/format';
import { Empty, Failed, Waiting } from '../parts/Page';
import c from './catalogue.module.css';
import { nameOf } from './names';

const CURRENCIES = ['EUR', 'USD', 'GBP', 'CHF', 'SEK', 'NOK', 'DKK', 'PLN', 'CZK', 'JPY', 'CNY'];

/** What a partner's products cost us today, or ours that partner. */
export function PartnerPrices({ q }: { q?: string }) {
  const { t, i18n } = useTranslation();
  const f = useFormat();
  const partners = useQuery({ queryKey: ['partnerships'], queryFn: () => api.read('/partnerships') });
  const live = (partners.data?.items ?? []).filter((one) => one.partner.id && ['active', 'ending'].includes(one.state));
  const [chosen, choose] = useState('');
  const [side, turn] = useState<'seller' | 'buyer'>('seller');
  const [currency, pay] = useState('EUR');
  const partner = chosen || live[0]?.partner.id || '';
  const asked = useQuery({
    queryKey: ['prices', side, partner, currency, q ?? ''],
    queryFn: () => api.read('/prices', { [side]: partner, currency, q, limit: 200 }),
    enabled: !!partner,
    placeholderData: (before) => before,
  });
  if (partners.isError) return <Failed fault={partners.error} retry={() => void partners.refetch()} />;
  if (!partners.data) return <Waiting rows={5} />;
  if (live.length === 0) return <Empty icon={Tags} title={t('prices.no_partner')} text={t('prices.no_partner_text')} />;
  const rows = asked.data?.items ?? [];
  return (
    <>
      <div className={c.choose}>
        <NativeSelect
          label={t('prices.partner')}
          value={partner}
          onChange={(event) => choose(event.currentTarget.value)}
          data={live.map((one) => ({ value: one.partner.id!, label: one.partner.name }))}
        />
        <NativeSelect
          label={t('prices.side')}
          value={side}
          onChange={(event) => turn(event.currentTarget.value as 'seller')}
          data={(['seller', 'buyer'] as const).map((value) => ({ value, label: t(`prices.side.${value}`) }))}
        />
        <NativeSelect
          label={t('field.currency')}
          value={currency}
          onChange={(event) => pay(event.currentTarget.value)}
          data={CURRENCIES}
        />
      </div>
      {asked.isError ? (
        <Failed fault={asked.error} retry={() => void asked.refetch()} />
      ) : rows.length === 0 ? (
        <Empty icon={Tags} title={t('prices.none')} text={t('prices.none_text')} />
      ) : (
        <div className={c.scroll} tabIndex={0} role="group" aria-label={t('prices.of_products')}>
          <table className={c.table}>
            <thead>
              <tr>
                <th scope="col">{t('products.sku')}</th>
                <th scope="col">{t('products.name')}</th>
                <th scope="col" data-end>
                  {t('prices.from')}
                </th>
                <th scope="col" data-end>
                  {t('prices.price')}
                </th>
              </tr>
            </thead>
            <tbody>
              {rows.flatMap((row) =>
                row.prices.map((price, at) => (
                  <tr key={`${row.product} ${price.from}`} data-more={at > 0 || undefined}>
                    <td>{at === 0 && <b>{row.sku}</b>}</td>
                    <td>{at === 0 && nameOf(row.names, i18n.language)}</td>
                    <td data-end>
                      {f.decimal(price.from)} {row.unit}
                    </td>
                    <td data-end>
                      {f.decimal(price.unit_price)} {row.currency}
                      {price.price_per === 1 ? '' : ` / ${price.price_per}`}
                    </td>
                  </tr>
                )),
              )}
            </tbody>
          </table>
        </div>
      )}
    </>
  );
}
