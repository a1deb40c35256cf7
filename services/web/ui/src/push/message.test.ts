import { expect, it } from 'vitest';
import type { Notice } from '../api/types';
import { shown, type Message } from './message';

const notice = {
  id: 'ntf_1',
  kind: 'message',
  params: { who: 'Vera', title: 'Depot' },
  subject: null,
  at: '2026-11-18T12:00:00Z',
  read_at: null,
} as unknown as Notice;
const news: Message = {
  about: 'news',
  locale: 'fr',
  notice,
  unread: 1,
  organisation: 'org_1',
  organisation_name: 'Atelier',
};

it('a notice says what the inbox says, in the language of its person, and leads there', () => {
  expect(shown(news)).toEqual({
    title: 'Atelier',
    body: 'Vera a écrit dans « Depot »',
    tag: 'notices-org_1',
    url: '/inbox?open=ntf_1',
  });
});

it('what else is unread is counted', () => {
  expect(shown({ ...news, unread: 2 }).body).toBe('Vera a écrit dans « Depot »\net 1 autre');
  expect(shown({ ...news, locale: 'en', unread: 4 }).body).toBe('Vera wrote in “Depot”\nand 3 more');
});

it('names and titles are shown as they are', () => {
  const params = { who: '<b>{title}</b>', title: 'A & B' };
  expect(shown({ ...news, locale: 'en', notice: { ...notice, params } as Notice }).body).toBe(
    '<b>{title}</b> wrote in “A & B”',
  );
});

it('a trial says that it works', () => {
  expect(shown({ about: 'trial', locale: 'es' })).toEqual({
    title: 'Entente',
    body: 'Los avisos llegan a este dispositivo.',
    tag: 'trial',
    url: '/settings?part=notices',
  });
});

it('what cannot be read, or was too long to be told, says that something came', () => {
  const something = { title: 'Entente', body: 'Something new waits for you', tag: 'notices-', url: '/inbox' };
  expect(shown(undefined)).toEqual(something);
  expect(shown({ about: 'news', locale: 'en' })).toEqual(something);
  expect(shown({ about: 'news', locale: 'tlh' as never })).toEqual(something);
  const later = { ...notice, kind: 'of_a_later_version' } as unknown as Notice;
  expect(shown({ ...news, locale: 'en', notice: later }).body).toBe('Something new waits for you');
});
