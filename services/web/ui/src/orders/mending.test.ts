import { expect, test } from 'vitest';
import { editsOf, wordsOf } from './mending';
import { cut } from './segments';

const latin = (text: string) =>
  Array.from(new TextEncoder().encode(text), (byte) => String.fromCharCode(byte)).join('');

/** What the hub does with edits, on bytes. */
function applied(raw: string, changes: Record<number, string>) {
  let from = 0;
  let mended = '';
  for (const { at, length, text } of editsOf(raw, cut(raw).segments, changes)) {
    mended += raw.slice(from, at) + latin(text);
    from = at + length;
  }
  return mended + raw.slice(from);
}

const FILE = 'ST*850*1~\nPO1*1*many*EA~\nPID*F~\nCTT*1~\n';

test('a changed segment takes the place of its words, and nothing else moves', () => {
  expect(applied(FILE, { 2: 'PO1*1*3*EA' })).toBe(FILE.replace('many', '3'));
  expect(applied(FILE, { 2: 'PO1*1*3*EA', 4: 'CTT*2' })).toBe(FILE.replace('many', '3').replace('CTT*1', 'CTT*2'));
});

test('an emptied segment goes with its terminator', () => {
  expect(applied(FILE, { 3: '' })).toBe(FILE.replace('PID*F~', ''));
});

test('several segments may take the place of one', () => {
  expect(applied(FILE, { 3: 'PID*F~PID*X' })).toBe(FILE.replace('PID*F', 'PID*F~PID*X'));
});

test('what is written as it stands is no change', () => {
  const { segments } = cut(FILE);
  expect(editsOf(FILE, segments, { 2: wordsOf(FILE, segments[1]) })).toEqual([]);
});

test('words are shown in the charset of the file, and counted in its bytes', () => {
  const utf8 = latin('N1*BY*Café~\nN3*Rue 1~');
  const { segments } = cut(utf8);
  expect(wordsOf(utf8, segments[0])).toBe('N1*BY*Café');
  expect(applied(utf8, { 2: 'N3*Rue 2' })).toBe(latin('N1*BY*Café~\nN3*Rue 2~'));
  const one = 'N1*BY*Caf\u{e9}~';
  expect(wordsOf(one, cut(one).segments[0])).toBe('N1*BY*Café');
});

test('a line that is cut off and lines without terminators are mended too', () => {
  expect(applied('ST*850*1~PO1*1*many', { 2: 'PO1*1*3~' })).toBe('ST*850*1~PO1*1*3~');
  expect(applied("UNB+UNOC:3+A'\r\nUNZ+0+1'", { 2: 'UNZ+1+1' })).toBe("UNB+UNOC:3+A'\r\nUNZ+1+1'");
});
