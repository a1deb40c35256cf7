import { Button, NativeSelect, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Tags } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '../api/client';
import { useFormat } from '../app/format';
import { queries, useCan } from '../app/queries';
import { Empty, Failed, Waiting } from '../parts/Page';
import { say } from '../parts/say';
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
      {side === 'buyer' && partner && <Tier key={partner} partner={partner} partnership={live.find((one) => one.partner.id === partner)?.id} />}
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

/** The tier in which a partner is; the partner does not learn of it. */
function Tier({ partner, partnership }: { partner: string; partnership?: string }) {
  const { t } = useTranslation();
  const can = useCan()('product.write');
  const tiers = useQuery({ queryKey: ['price-tiers'], queryFn: () => api.read('/price-tiers') });
  const [typed, type] = useState<string>();
  const [busy, setBusy] = useState(false);
  if (!tiers.data || !partnership) return null;
  const now = tiers.data.items.find((one) => one.partner.id === partner)?.tier ?? '';
  const tier = typed ?? now;
  const save = async () => {
    setBusy(true);
    try {
      await api.put(`/partnerships/${partnership}/price-tier`, { tier: tier.trim() || null });
      for (const key of ['price-tiers', 'prices']) await queries.invalidateQueries({ queryKey: [key] });
      type(undefined);
      say.done(t('prices.tier_saved'));
    } catch (fault) {
      say.problem(fault);
    }
    setBusy(false);
  };
  return (
    <form
      className={c.choose}
      onSubmit={(event) => {
        event.preventDefault();
        void save();
      }}
    >
      <TextInput
        label={t('prices.tier')}
        description={t('prices.tier_means')}
        value={tier}
        maxLength={40}
        readOnly={!can}
        list="price-tiers"
        onChange={(event) => type(event.currentTarget.value)}
      />
      <datalist id="price-tiers">
        {[...new Set(tiers.data.items.map((one) => one.tier))].map((one) => (
          <option key={one} value={one ?? ''} />
        ))}
      </datalist>
      {can && (
        <Button type="submit" variant="default" loading={busy} disabled={tier.trim() === now} style={{ alignSelf: 'end' }}>
          {t('do.save')}
        </Button>
      )}
    </form>
  );
}
