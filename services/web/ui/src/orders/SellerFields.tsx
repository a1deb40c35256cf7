import { NativeSelect, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { api } from '../api/client';
import type { OrderSyntax } from '../api/types';
import { meant } from '../stations/ours';

/** A seller that is not on the hub: its names, and what it reads. */
export interface Seller {
  name: string;
  identifier: string;
  syntax: OrderSyntax;
}

export const NOBODY: Seller = { name: '', identifier: '', syntax: 'x12' };

const forEdifact = (identifier: string) => ['edifact', 'gln'].includes(meant(identifier));

/** Who is to sell: one of the partners by EDI, or another one by its id. */
export function SellerFields({
  seller,
  onChange,
  papers,
}: {
  seller: Seller;
  onChange: (seller: Seller) => void;
  /** What goes out is called so in X12, and in EDIFACT. */
  papers: [string, string];
}) {
  const { t } = useTranslation();
  const partners = useQuery({ queryKey: ['order-partners'], queryFn: () => api.read('/order-partners') });
  const known = partners.data?.items ?? [];
  return (
    <>
      {known.length > 0 && (
        <NativeSelect
          label={t('order.partner')}
          value={known.find((one) => one.identifier === seller.identifier)?.identifier ?? ''}
          onChange={(event) => {
            const one = known.find(({ identifier }) => identifier === event.currentTarget.value);
            onChange(one ? { ...one, syntax: forEdifact(one.identifier) ? 'edifact' : 'x12' } : NOBODY);
          }}
          data={[
            { value: '', label: t('order.other_partner') },
            ...known.map((one) => ({ value: one.identifier, label: `${one.name} (${one.identifier})` })),
          ]}
        />
      )}
      <TextInput
        label={t('order.seller')}
        value={seller.name}
        maxLength={60}
        onChange={(event) => onChange({ ...seller, name: event.currentTarget.value })}
      />
      <TextInput
        label={t('order.identifier')}
        placeholder="ZZ:ACME"
        value={seller.identifier}
        maxLength={40}
        onChange={(event) => onChange({ ...seller, identifier: event.currentTarget.value.trim() })}
      />
      <NativeSelect
        label={t('order.syntax')}
        value={seller.syntax}
        onChange={(event) => onChange({ ...seller, syntax: event.currentTarget.value as OrderSyntax })}
        data={[
          { value: 'x12', label: `X12 004010 (${papers[0]})` },
          { value: 'x12_at5010', label: `X12 005010 (${papers[0]})` },
          { value: 'edifact', label: `EDIFACT D.96A (${papers[1]})` },
          { value: 'edifact_d01b', label: `EDIFACT D.01B (${papers[1]})` },
        ]}
      />
    </>
  );
}
