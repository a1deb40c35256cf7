import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;

/** A language as it is written where the reader lives: British and American dates differ. */
export const regional = (language: string, spoken: readonly string[] = navigator.languages) =>
  spoken.find((one) => one.startsWith(`${language}-`)) ?? language;

/** Numbers, money and times in the reader's language. */
export function formats(language: string) {
  const digits = (currency: string) =>
    new Intl.NumberFormat(language, { style: 'currency', currency }).resolvedOptions()
      .maximumFractionDigits ?? 2;
  const money = (minor: number, currency: string, compact = false) => {
    const amount = minor / 10 ** digits(currency);
    const whole = Number.isInteger(amount);
    return new Intl.NumberFormat(language, {
      style: 'currency',
      currency,
      ...(compact
        ? { notation: 'compact', maximumFractionDigits: 1 }
        : whole
          ? { maximumFractionDigits: 0 }
          : {}),
    }).format(amount);
  };
  const day = new Intl.DateTimeFormat(language, { day: 'numeric', month: 'short', timeZone: 'UTC' });
  const dayYear = new Intl.DateTimeFormat(language, {
    day: 'numeric',
    month: 'short',
    year: 'numeric',
    timeZone: 'UTC',
  });
  const longDay = new Intl.DateTimeFormat(language, { weekday: 'long', day: 'numeric', month: 'long' });
  const clock = new Intl.DateTimeFormat(language, { hour: '2-digit', minute: '2-digit' });
  const moment = new Intl.DateTimeFormat(language, {
    day: 'numeric',
    month: 'short',
    hour: '2-digit',
    minute: '2-digit',
  });
  const precise = new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeStyle: 'medium' });
  const dayAgo = new Intl.RelativeTimeFormat(language, { numeric: 'auto' });
  const ago = new Intl.RelativeTimeFormat(language, { numeric: 'auto', style: 'short' });
  return {
    money,
    digits,
    number: (value: number) => new Intl.NumberFormat(language).format(value),
    /** A decimal that came as text, such as a unit price; what is no number stays as it is. */
    decimal: (text: string) =>
      /^-?\d{1,15}(\.\d+)?$/.test(text)
        ? new Intl.NumberFormat(language, { maximumFractionDigits: 6 }).format(Number(text))
        : text,
    /** A price that came as text: at least the digits of its currency, never fewer than it has. */
    price: (text: string, currency: string) =>
      /^\d{1,15}(\.\d+)?$/.test(text)
        ? new Intl.NumberFormat(language, {
            minimumFractionDigits: digits(currency),
            maximumFractionDigits: 12,
          }).format(Number(text))
        : text,
    percent: (basisPoints: number) =>
      new Intl.NumberFormat(language, { style: 'percent', maximumFractionDigits: 2 }).format(
        basisPoints / 10_000,
      ),
    /** A date without a time, such as `2026-12-04`. */
    date: (text: string) => {
      const date = new Date(`${text.slice(0, 10)}T00:00:00Z`);
      return date.getUTCFullYear() === new Date().getUTCFullYear() ? day.format(date) : dayYear.format(date);
    },
    longDay: (ms: number) => longDay.format(ms),
    /** Today, yesterday, or the day by name. */
    relativeDay: (at: string | number) => {
      const midnight = (ms: number) => new Date(ms).setHours(0, 0, 0, 0);
      const day = new Date(at).getTime();
      const days = Math.round((midnight(day) - midnight(Date.now())) / DAY_MS);
      const told = days > -2 && days < 1 ? dayAgo.format(days, 'day') : longDay.format(day);
      return told.charAt(0).toLocaleUpperCase(language) + told.slice(1);
    },
    time: (ms: number) => clock.format(ms),
    /** Hour and minute alone, for a narrow place beside a full time. */
    clock: (ms: number) =>
      clock
        .formatToParts(ms)
        .filter((part) => part.type !== 'dayPeriod')
        .map((part) => part.value)
        .join('')
        .trim(),
    moment: (at: string | number) => moment.format(new Date(at)),
    precise: (at: string | number) => precise.format(new Date(at)),
    bytes: (size: number) =>
      new Intl.NumberFormat(language, {
        style: 'unit',
        unit: size < 1000 ? 'byte' : 'kilobyte',
        unitDisplay: size < 1000 ? 'long' : 'short',
        maximumFractionDigits: 1,
      }).format(size < 1000 ? size : size / 1000),
    ago: (at: string | number) => {
      const past = Date.now() - new Date(at).getTime();
      if (Math.abs(past) < 45_000) return ago.format(0, 'minute');
      if (Math.abs(past) < 60 * MINUTE_MS) return ago.format(-Math.round(past / MINUTE_MS), 'minute');
      if (Math.abs(past) < DAY_MS) return ago.format(-Math.round(past / (60 * MINUTE_MS)), 'hour');
      if (Math.abs(past) < 30 * DAY_MS) return ago.format(-Math.round(past / DAY_MS), 'day');
      return dayYear.format(new Date(at));
    },
    country: (code: string) => {
      try {
        return new Intl.DisplayNames(language, { type: 'region' }).of(code) ?? code;
      } catch {
        return code;
      }
    },
  };
}

export function useFormat() {
  const { i18n } = useTranslation();
  return useMemo(() => formats(regional(i18n.language)), [i18n.language]);
}

export const initials = (name: string) =>
  name
    .split(/\s+/)
    .filter(Boolean)
    .slice(0, 2)
    .map((word) => word[0].toUpperCase())
    .join('');

/** Reads an amount as people type it (`1 234,50`, `1,234.50`, `12500`) into minor units. */
export function readMinor(text: string, digits: number): number | null {
  const kept = text.replace(/[^\d.,-]/g, '');
  const mark = Math.max(kept.lastIndexOf('.'), kept.lastIndexOf(','));
  const tail = kept.length - mark - 1;
  const decimal = mark >= 0 && tail > 0 && tail <= digits;
  const whole = (decimal ? kept.slice(0, mark) : kept).replace(/[.,]/g, '');
  const part = decimal ? kept.slice(mark + 1).padEnd(digits, '0') : '0'.repeat(digits);
  if (!/^-?\d+$/.test(whole)) return null;
  const minor = Number(`${whole}${part}`);
  return Number.isSafeInteger(minor) ? minor : null;
}
