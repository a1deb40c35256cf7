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
