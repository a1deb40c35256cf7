import { Button, Checkbox, Group, Modal, Stack, TextInput } from '@mantine/core';
import { useState, type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { api, Problem } from '../api/client';
import type { Product } from '../api/types';
import { queries, useCan } from '../app/queries';
import { say, told } from '../parts/say';
import c from './catalogue.module.css';

const NAMES = ['en', 'fr', 'es'] as const;

/** A product: added, looked at, written anew. */
export function ProductForm({ product, onClose }: { product?: Product; onClose: () => void }) {
  const { t } = useTranslation();
  const can = useCan();
  const fixed = !can('product.write');
  const [refusal, setRefusal] = useState<{ field?: string; text: string } | null>(null);
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const given = new FormData(event.currentTarget);
    const text = (name: string) => String(given.get(name) ?? '').trim();
    const names = Object.fromEntries(NAMES.map((one) => [one, text(one)]).filter(([, value]) => value));
    const words = {
      sku: text('sku'),
      gtin: text('gtin') || null,
      names,
      family: text('family'),
      unit: text('unit').toUpperCase(),
      pack: text('pack').replace(',', '.') || null,
      active: given.get('active') !== null,
    };
    try {
      if (product) await api.put(`/products/${product.id}`, { revision: product.revision, product: words });
      else await api.post('/products', words);
      void queries.invalidateQueries({ queryKey: ['products'] });
      void queries.invalidateQueries({ queryKey: ['prices'] });
      say.done(t('products.saved', { sku: words.sku }));
      onClose();
    } catch (fault) {
      setRefusal({ field: fault instanceof Problem ? fault.field : undefined, text: told(fault) });
    }
  };
  const field = (name: 'sku' | 'gtin' | 'family' | 'unit' | 'pack') => (
    <TextInput
      name={name}
      label={t(name === 'unit' ? 'quote.unit' : `products.${name}`)}
      defaultValue={product?.[name] ?? (name === 'unit' ? 'EA' : '')}
      required={name === 'sku' || name === 'unit'}
      withAsterisk={false}
      readOnly={fixed}
      data-autofocus={name === 'sku' || undefined}
      error={refusal?.field === name && refusal.text}
    />
  );
  return (
    <Modal
      opened
      onClose={onClose}
      title={product ? product.sku : t('products.new')}
      closeButtonProps={{ 'aria-label': t('do.close') }}
    >
      <form onSubmit={(event) => void submit(event)}>
        <Stack gap="sm">
          {field('sku')}
          {NAMES.map((one) => (
            <TextInput
              key={one}
              name={one}
              label={t(`products.name.${one}`)}
              defaultValue={product?.names[one] ?? ''}
              maxLength={200}
              readOnly={fixed}
            />
          ))}
          <div className={c.pair}>
            {field('gtin')}
            {field('family')}
            {field('unit')}
            {field('pack')}
          </div>
          <Checkbox
            name="active"
            label={t('products.active')}
            defaultChecked={product?.active ?? true}
            disabled={fixed}
          />
          {refusal && !['sku', 'gtin', 'family', 'unit', 'pack'].includes(refusal.field ?? '') && (
            <p role="alert" className={c.refusal}>
              {refusal.text}
            </p>
          )}
          {!fixed && (
            <Group justify="flex-end" gap="xs">
              <Button variant="default" onClick={onClose}>
                {t('do.cancel')}
              </Button>
              <Button type="submit">{t('do.save')}</Button>
            </Group>
          )}
        </Stack>
      </form>
    </Modal>
  );
}
