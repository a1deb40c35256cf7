import { expect, it } from 'vitest';
import { asked, call, calls, matching, opened, sealed } from './mentions';

const BRUNO = `per_${'b'.repeat(26)}`;
const INES = `per_${'c'.repeat(26)}`;
const SIDE = `org_${'d'.repeat(26)}`;

it('is written as a name and sent with an id, and back', () => {
  const body = `Ask @[Bruno Marchand](${BRUNO}) and @[Atelier Data](${SIDE}), or @[all](all).`;
  const words = opened(body, 'tous');
  expect(words.text).toBe('Ask @Bruno Marchand and @Atelier Data, or @tous.');
  expect(sealed(words)).toBe(body);
  expect(calls(words).map((one) => one.id)).toEqual([BRUNO, SIDE, 'all']);
});

it('calls nobody by a name that only begins alike, that stands in a word, or that was taken out', () => {
  const called = { Bruno: BRUNO, 'Bruno Marchand': INES };
  expect(sealed({ text: '@Brunoise a@Bruno @bruno', called })).toBe('@Brunoise a@Bruno @bruno');
  expect(sealed({ text: '@Bruno Marchand @Bruno.', called })).toBe(
    `@[Bruno Marchand](${INES}) @[Bruno](${BRUNO}).`,
  );
  expect(calls({ text: 'nobody any more', called })).toEqual([]);
});

it('keeps brackets of a name out of the mark', () => {
  expect(sealed({ text: '@B [x]', called: { 'B [x]': BRUNO } })).toBe(`@[B  x ](${BRUNO})`);
});

it('knows what the place before the caret asks for', () => {
  const ask = (text: string) => asked(text, text.length);
  expect(ask('Hello @br')).toEqual({ what: 'person', from: 6, part: 'br' });
  expect(ask('@')).toEqual({ what: 'person', from: 0, part: '' });
  expect(ask('(@Bruno Mar')).toEqual({ what: 'person', from: 1, part: 'Bruno Mar' });
  expect(ask('vera@nordwind')).toBeNull();
  expect(ask('at 10:30')).toBeNull();
  expect(ask('so :thu')).toEqual({ what: 'emoji', from: 3, part: 'thu' });
  expect(ask('+:')).toEqual({ what: 'reaction', from: 0, part: '' });
  expect(ask('a +:')).toBeNull();
});

it('finds people by the beginning of any word of their name, accents or not', () => {
  const all = ['Inès Dupont', 'Bruno Marchand', 'Denis Ines'].map((name) => ({ id: name, name }));
  expect(matching(all, 'ines').map((one) => one.name)).toEqual(['Inès Dupont', 'Denis Ines']);
  expect(matching(all, 'march').map((one) => one.name)).toEqual(['Bruno Marchand']);
  expect(matching(all, 'uno')).toEqual([]);
});

it('calls the second of two who bear one name with the side', () => {
  const first = call({ text: 'Hi @br you', called: {} }, { what: 'person', from: 3, part: 'br' }, 6, {
    id: BRUNO,
    name: 'Bruno',
    aside: 'Atelier',
  });
  expect([first.text, first.caret]).toEqual(['Hi @Bruno you', 10]);
  const second = call({ ...first, text: `${first.text} @` }, { what: 'person', from: 14, part: '' }, 15, {
    id: INES,
    name: 'Bruno',
    aside: 'Kestrel',
  });
  expect(sealed(second)).toContain(`@[Bruno (Kestrel)](${INES})`);
});
