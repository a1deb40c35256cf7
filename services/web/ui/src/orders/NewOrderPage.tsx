import { Button, Group, NativeSelect, Textarea, TextInput } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '../api/client';
import { useFormat } from '../app/format';
import { queries } from '../app/queries';
import { Page, Section } from '../parts/Page';
import { say, told } from '../parts/say';
import { blank, CURRENCIES, toLines } from '../quotes/draft';
import { Grid } from '../quotes/Grid';
import { total } from '../quotes/sums';
import c from '../quotes/quotes.module.css';
import { NOBODY, SellerFields } from './SellerFields';

/** Columns of a quote that an order has not. */
const WITHOUT: ('price_per' | 'discount')[] = ['price_per', 'discount'];
const TO = { name: '', street: '', postal_code: '', city: '', country: '' };

/** An order to a seller that is not on the hub: written here, sent by EDI. */
export function NewOrderPage() {
  const { t } = useTranslation();
  const f = useFormat();
  const navigate = useNavigate();
  const [seller, setSeller] = useState(NOBODY);
  const [number, setNumber] = useState('');
  const [currency, setCurrency] = useState('EUR');
  const [to, setTo] = useState(TO);
  const [note, setNote] = useState('');
  const [drafts, setDrafts] = useState([blank()]);
  const [refusal, setRefusal] = useState('');
  const [busy, setBusy] = useState(false);
  const lines = toLines(drafts);
  const sum = total(lines, f.digits(currency));
  const send = async () => {
    setBusy(true);
    try {
      const order = await api.post('/orders', {
        seller,
        number,
        currency,
        ship_to: to.name.trim() ? to : null,
        note,
        lines: lines.map((line) => ({
          product: line.product,
          description: line.description,
          quantity: line.quantity,
          unit: line.unit,
          unit_price: line.unit_price ?? '',
          requested_on: line.deliver_on,
        })),
      });
      void queries.invalidateQueries({ queryKey: ['orders'] });
      say.done(t('order.sent', { number }));
      await navigate({ to: '/orders/$order', params: { order: order.id } });
    } catch (fault) {
      setRefusal(told(fault));
      setBusy(false);
    }
  };
  return (
    <Page wide title={t('order.new')} lead={t('order.new_lead')}>
      <Section title={t('order.to')}>
        <div className={c.head}>
          <SellerFields seller={seller} onChange={setSeller} papers={['850', 'ORDERS']} />
          <TextInput
            label={t('order.own_number')}
            value={number}
            maxLength={22}
            onChange={(event) => setNumber(event.currentTarget.value)}
          />
          <NativeSelect
            label={t('field.currency')}
            value={currency}
            onChange={(event) => setCurrency(event.currentTarget.value)}
            data={CURRENCIES}
          />
        </div>
      </Section>
      <Section title={t('order.lines')}>
        <Grid drafts={drafts} onChange={setDrafts} currency={currency} without={WITHOUT} />
        <p className={c.total}>
          {t('order.total')} <b data-total>{f.money(Number(sum), currency)}</b>
        </p>
      </Section>
      <Section title={t('order.ship_to')}>
        <div className={c.head}>
          {(['name', 'street', 'postal_code', 'city', 'country'] as const).map((field) => (
            <TextInput
              key={field}
              label={t(`order.ship_to.${field}`)}
              value={to[field]}
              maxLength={{ name: 35, street: 35, postal_code: 9, city: 30, country: 2 }[field]}
              onChange={(event) => {
                const text = event.currentTarget.value;
                setTo({ ...to, [field]: field === 'country' ? text.toUpperCase() : text });
              }}
            />
          ))}
          <Textarea
            className={c.terms}
            label={t('order.note_to')}
            value={note}
            onChange={(event) => setNote(event.currentTarget.value)}
            autosize
            minRows={1}
            maxLength={264}
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
            disabled={!seller.name.trim() || !seller.identifier || !number.trim() || lines.length === 0}
            onClick={() => void send()}
          >
            {t('order.send_out')}
          </Button>
        </Group>
      </Section>
    </Page>
  );
}
