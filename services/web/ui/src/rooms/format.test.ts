import { describe, expect, test } from 'vitest';
import { begin, link, mark, newline, type Written } from './format';

/** A text in which ‹ and › stand around what is chosen, or | where the caret is. */
const at = (told: string): Written => {
  const from = told.search(/[‹|]/);
  const text = told.replace(/[‹|]/, '');
  const to = text.indexOf('›');
  return { text: text.replace('›', ''), from, to: to < 0 ? from : to };
};
const told = ({ text, from, to }: Written) =>
  from === to
    ? `${text.slice(0, from)}|${text.slice(from)}`
    : `${text.slice(0, from)}‹${text.slice(from, to)}›${text.slice(to)}`;

describe('marks', () => {
  test.each([
    ['a ‹b› c', 'a **‹b›** c'],
    ['a **‹b›** c', 'a ‹b› c'],
    ['a ‹**b**› c', 'a ‹b› c'],
    ['a‹ b › c', 'a **‹b›**  c'],
    ['a |', 'a **|**'],
    ['a **|**', 'a |'],
  ])('%s', (before, after) => expect(told(mark(at(before), '**'))).toBe(after));
});

describe('lines', () => {
  test.each([
    ['a|', '- a|'],
    ['- a|', 'a|'],
    ['x\n‹a\nb›\ny', 'x\n- ‹a\n- b›\ny'],
    ['x\n- ‹a\n- b›\ny', 'x\n‹a\nb›\ny'],
    ['- ‹a\nb›', '- ‹a\n- b›'],
  ])('%j', (before, after) => expect(told(begin(at(before), '- '))).toBe(after));

  test.each([
    ['- a|', '- a\n- |'],
    ['1. a|', '1. a\n2. |'],
    ['  9) a|b', '  9) a\n  10) |b'],
    ['- a\n- |', '- a\n|'],
    ['a|', 'a\n|'],
  ])('a new line after %j', (before, after) => expect(told(newline(at(before)))).toBe(after));
});

test('links', () => {
  expect(told(link(at('see ‹the plan›')))).toBe('see [the plan](‹https://›)');
  expect(told(link(at('see ‹https://a.example›')))).toBe('see [|](https://a.example)');
  expect(told(link(at('see |')))).toBe('see [](‹https://›)');
});
