import { TextInput } from '@mantine/core';
import { useFormat } from '../app/format';

/** An amount as people type it, with its currency beside it. */
export function Money({
  label,
  value,
  onChange,
  currency,
  hint,
}: {
  label: string;
  value: string;
  onChange: (text: string) => void;
  currency: string;
  hint?: string;
}) {
  const f = useFormat();
  return (
    <TextInput
      size="md"
      label={label}
      description={hint}
      value={value}
      onChange={(event) => onChange(event.currentTarget.value)}
      inputMode={f.digits(currency) ? 'decimal' : 'numeric'}
      autoComplete="off"
      rightSection={<span aria-hidden>{currency}</span>}
      rightSectionWidth={56}
    />
  );
}
