import { expect, it } from 'vitest';
import { at, cut } from './segments';

const ISA =
  'ISA*00*          *00*          *ZZ*DELMAR         *ZZ*NORDWIND       *261121*0941*^*00401*000004711*0*P*>';

it('cuts an interchange by its own separators and knows where each segment lies', () => {
  const text = `${ISA}~\nGS*PO*DELMAR*NORDWIND~\nST*850*0001~`;
  const { segments, separator } = cut(text);
  expect(separator).toBe('*');
  expect(segments.map((segment) => segment.tag)).toEqual(['ISA', 'GS', 'ST']);
  expect(segments[2].elements).toEqual(['850', '0001']);
  expect(text.slice(segments[1].from, segments[1].to)).toBe('GS*PO*DELMAR*NORDWIND~');
  expect(at(segments, text.indexOf('NORDWIND~'))?.tag).toBe('GS');
});

it('shows bytes that are no interchange at all', () => {
  expect(cut('hello\nworld').segments.map((segment) => segment.tag)).toEqual(['hello', 'world']);
  expect(cut('').segments).toEqual([]);
});

it('cuts EDIFACT by UNA or by the usual marks, and leaves released ones alone', () => {
  const plain = "UNB+UNOC:3+A:ZZZ+B:ZZZ+261120:0930+7'\nUNH+1+ORDERS:D:96A:UN'FTX+AAI+++It?'s 1?+1'";
  const told = cut(plain);
  expect(told.segments.map((segment) => segment.tag)).toEqual(['UNB', 'UNH', 'FTX']);
  expect(told.segments[2].elements).toEqual(['AAI', '', '', "It?'s 1?+1"]);
  expect(plain.slice(told.segments[1].from, told.segments[1].to)).toBe("UNH+1+ORDERS:D:96A:UN'");
  const own = cut('UNA|*.! #UNB*UNOA|1*A*B#FTX*a!!#UNZ*0*1#');
  expect(own.separator).toBe('*');
  expect(own.segments.map((segment) => segment.tag)).toEqual(['UNA', 'UNB', 'FTX', 'UNZ']);
  expect(own.segments[2].elements).toEqual(['a!!']);
});
