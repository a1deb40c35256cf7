import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { ACCOUNT_FIELDS, CARD_FIELDS, QUOTE_STATES, ROLES, SIDE_FIELDS, STAGES } from '../../api/types';
import { NAMED } from '../../orders/segments';
import en from './en.json';
import es from './es.json';
import fr from './fr.json';

const languages: Record<string, Record<string, string>> = { en, fr, es };
const keys = Object.keys(en);
const bare = (key: string) => key.replace(/_(one|other)$/, '');
const holes = (text: string) => [...text.matchAll(/\{(\w+)\}/g)].map((match) => match[1]).sort();

const files = (folder: string): string[] =>
  readdirSync(folder, { withFileTypes: true }).flatMap((entry) =>
    entry.isDirectory()
      ? files(join(folder, entry.name))
      : /\.tsx?$/.test(entry.name) && !entry.name.includes('.test.')
        ? [join(folder, entry.name)]
        : [],
  );
const source = files('src')
  .map((file) => readFileSync(file, 'utf8'))
  .join('\n');
const quoted = new Set([...source.matchAll(/'([a-z0-9_]+(?:\.[A-Za-z0-9_-]+)+)'/g)].map((match) => match[1]));
const prefixes = new Set([...source.matchAll(/`([a-z0-9_]+(?:\.[a-z_]+)*\.)\$\{/g)].map((match) => match[1]));
const known = new Set(keys.flatMap((key) => [key, bare(key)]));

it('every language has the same words', () => {
  for (const words of Object.values(languages)) expect(Object.keys(words)).toEqual(keys);
});

it('every word keeps its holes, written as they are filled, and none is empty', () => {
  for (const [language, words] of Object.entries(languages)) {
    for (const key of keys) {
      expect([language, key, holes(words[key])]).toEqual([language, key, holes(en[key as keyof typeof en])]);
      expect(words[key].trim(), `${language} ${key}`).not.toBe('');
      expect(words[key].replaceAll(/\{\w+\}/g, ''), `${language} ${key}: a hole is {name}`).not.toMatch(/[{}]/);
    }
  }
});

it('no word is missing', () => {
  const asked = [...source.matchAll(/\bt\(\s*'([^']+)'/g)].map((match) => match[1]);
  expect(asked.filter((key) => !known.has(key))).toEqual([]);
  const families = {
    'stage.': STAGES,
    'role.': ROLES,
    'field.': [...ACCOUNT_FIELDS, ...CARD_FIELDS],
    'side.': SIDE_FIELDS,
    'segment.': NAMED,
    'partners.do.': ['accept', 'decline', 'cancel', 'suspend', 'resume', 'give_notice', 'end_now'],
    'partners.means.': ['proposed', 'active', 'suspended', 'ending', 'ended', 'closed'],
    'order.': [
      'received',
      'accepted',
      'accepted_with_change',
      'rejected',
      'changed',
      'part_shipped',
      'shipped',
      'invoiced',
      'closed',
      'cancelled',
    ],
    'quote.state.': QUOTE_STATES,
    'invoice.state.': ['sent', 'approved', 'disputed', 'cancelled'],
    'invoice.about.': ['price', 'more_than_confirmed', 'more_than_shipped', 'charge', 'total'],
    'shipment.kind.': ['pallet', 'carton', 'box', 'case', 'crate', 'drum', 'bag'],
    'rfq.state.': ['sent', 'quoted', 'declined'],
    'interchange.': ['received', 'applied', 'quarantined', 'rejected', 'duplicate', 'built', 'sent'],
    'notice.': [
      'partnership_proposed',
      'partnership_active',
      'partnership_ended',
      'deal_invited',
      'deal_joined',
      'deal_stage',
      'message',
      'rfq_received',
      'rfq_declined',
      'quote_sent',
      'quote_moved',
      'order_received',
      'order_answered',
      'order_shipped',
      'invoice_received',
      'invoice_answered',
      'invoice_cancelled',
      'invoice_credited',
      'change_asked',
      'change_answered',
      'counter_settled',
      'guest_replied',
      'mail_quarantined',
      'own_mail_held',
    ],
  };
  expect(
    Object.entries(families)
      .flatMap(([prefix, names]) => names.map((name) => prefix + name))
      .filter((key) => !known.has(key)),
  ).toEqual([]);
});

it('no word is unused', () => {
  const used = (key: string) =>
    quoted.has(key) ||
    quoted.has(bare(key)) ||
    [...prefixes].some(
      (prefix) => bare(key).startsWith(prefix) && !bare(key).slice(prefix.length).includes('.'),
    );
  expect(keys.filter((key) => !used(key))).toEqual([]);
});

it('what counts has a singular and a plural', () => {
  for (const key of keys)
    if (/_(one|other)$/.test(key))
      expect(keys).toEqual(expect.arrayContaining([`${bare(key)}_one`, `${bare(key)}_other`]));
});
