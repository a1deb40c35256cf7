import type { KeyScheme, Registration } from '../api/types';

/** What stands in the form, as text: what is not right yet is kept all the same. */
export interface Draft {
  vendor: string;
  customer: string;
  city: string;
  key_scheme: KeyScheme;
  key: string;
  families: string[];
  territories: string[];
  amount: string;
  currency: string;
  close_month: string;
  note: string;
}

export const blank = (vendor = ''): Draft => ({
  vendor,
  customer: '',
  city: '',
  key_scheme: 'domain',
  key: '',
  families: [],
  territories: [],
  amount: '',
  currency: 'EUR',
  close_month: '',
  note: '',
});

/** What the hub holds, as the form shows it. */
export const drafted = (it: Registration, digits: (currency: string) => number): Draft => ({
  vendor: it.vendor.id,
  customer: it.customer,
  city: it.city ?? '',
  key_scheme: it.key_scheme ?? 'domain',
  key: it.key ?? '',
  families: it.families,
  territories: it.territories,
  amount: it.amount_minor && it.currency ? plain(it.amount_minor, digits(it.currency)) : '',
  currency: it.currency ?? 'EUR',
  close_month: it.close_month ?? '',
  note: it.note ?? '',
});

/** Minor units as people type them, without a float in between. */
const plain = (minor: number, digits: number) => {
  const text = String(minor).padStart(digits + 1, '0');
  return digits ? `${text.slice(0, -digits)}.${text.slice(-digits)}` : text;
};

/** The form as the hub takes it; what is blank is null. */
export const says = (draft: Draft, amount_minor: number | null) => ({
  customer: draft.customer.trim() || null,
  city: draft.city.trim() || null,
  key_scheme: draft.key_scheme,
  key: draft.key.trim() || null,
  families: draft.families,
  territories: draft.territories,
  amount_minor,
  currency: draft.currency,
  close_month: draft.close_month || null,
  note: draft.note.trim() || null,
});

/** This month and those that follow, as `YYYY-MM`. */
export const months = (from: Date, count: number) =>
  Array.from({ length: count }, (_, ahead) => {
    const month = new Date(Date.UTC(from.getUTCFullYear(), from.getUTCMonth() + ahead, 1));
    return month.toISOString().slice(0, 7);
  });

const name = (organisation: string) => `registration-draft:${organisation}`;

/** What was being written on this device when the page was left, or the line dropped. */
export function kept(organisation: string): Draft | undefined {
  try {
    const found: unknown = JSON.parse(localStorage.getItem(name(organisation)) ?? 'null');
    return found && typeof found === 'object' ? { ...blank(), ...(found as Partial<Draft>) } : undefined;
  } catch {
    return undefined;
  }
}

export function keepDraft(organisation: string, draft: Draft | undefined) {
  try {
    if (draft) localStorage.setItem(name(organisation), JSON.stringify(draft));
    else localStorage.removeItem(name(organisation));
  } catch {
    // A browser that keeps nothing still lets one register.
  }
}
