import { describe, expect, test } from 'vitest';
import { inline, read, type Block, type Inline } from './markdown';

/** The tree in short, as people would write it down. */
const told = (parts: Inline[]): string =>
  parts
    .map((part) => {
      if (part.is === 'text') return part.text;
      if (part.is === 'break') return '⏎';
      if (part.is === 'code') return `<code ${part.text}>`;
      if (part.is === 'mention') return `<@${part.name} ${part.id}>`;
      if (part.is === 'link') return `<a ${part.href} ${told(part.parts)}>`;
      return `<${part.is} ${told(part.parts)}>`;
    })
    .join('');
const shape = (blocks: Block[]): string =>
  blocks
    .map((block) => {
      if (block.is === 'heading') return `# ${told(block.parts)}`;
      if (block.is === 'code') return `{${block.text}}`;
      if (block.is === 'quote') return `> ${shape(block.blocks)}`;
      if (block.is === 'list') return `${block.start ?? '-'}[${block.items.map(shape).join(' | ')}]`;
      return told(block.parts);
    })
    .join(' / ');

describe('marks within a line', () => {
  test.each([
    ['**Agreed**, *almost*: ~~12~~ `10 %`', '<strong Agreed>, <em almost>: <strike 12> <code 10 %>'],
    ['__bold__ and _slanted_', '<strong bold> and <em slanted>'],
    ['**bold *and slanted***', '<strong bold <em and slanted>>'],
    ['2 * 3 * 4 and 2*3*4', '2 * 3 * 4 and 2*3*4'],
    ['order_line_no and __init__.py', 'order_line_no and <strong init>.py'],
    ['Hi @[Jo Lind](per_01j0000000e008000000000001)!', 'Hi <@Jo Lind per_01j0000000e008000000000001>!'],
    ['@[all](all) @[x](evil) jo@a.example', '<@all all> @[x](evil) jo@a.example'],
    ['a **b', 'a **b'],
    ['****', '****'],
    ['\\*not slanted\\*', '*not slanted*'],
    ['one\ntwo', 'one⏎two'],
    ['`**no mark**`', '<code **no mark**>'],
    ['<b>no HTML</b> &amp;', '<b>no HTML</b> &amp;'],
  ])('%s', (text, wanted) => expect(told(inline(text))).toBe(wanted));
});

describe('links', () => {
  test.each([
    ['see https://a.example/x(y), ok?', 'see <a https://a.example/x(y) https://a.example/x(y)>, ok?'],
    ['(https://a.example/x)', '(<a https://a.example/x https://a.example/x>)'],
    ['[the **plan**](https://a.example/plan)', '<a https://a.example/plan the <strong plan>>'],
    ['[mail](mailto:jo@a.example)', '<a mailto:jo@a.example mail>'],
    ['[click](javascript:alert(1))', '[click](javascript:alert(1))'],
    ['[click](data:text/html,x)', '[click](data:text/html,x)'],
    ['[click](//evil.example)', '[click](//evil.example)'],
    ['[https://bank.example](https://evil.example/x)', '<a https://evil.example/x https://evil.example/x>'],
    ['[a.example](https://www.a.example/)', '<a https://www.a.example/ a.example>'],
    ['xhttps://a.example', 'xhttps://a.example'],
  ])('%s', (text, wanted) => expect(told(inline(text))).toBe(wanted));
});

describe('blocks', () => {
  test.each([
    ['one\n\ntwo', 'one / two'],
    ['# Plan\nfirst', '# Plan / first'],
    ['#5 is ours', '#5 is ours'],
    ['- a\n- b\n  - c\n  more\n\ndone', '-[a | b / -[c] / more] / done'],
    ['3. three\n4. four', '3[three | four]'],
    ['- a\n1. b', '-[a] / 1[b]'],
    ['-not a list', '-not a list'],
    ['> said\n> twice\nanswer', '> said⏎twice / answer'],
    ['```js\nconst a = **1**;\n\n- b\n```\nafter', '{const a = **1**;\n\n- b} / after'],
    ['```\nnever closed', '{never closed}'],
    ['> > > > > deep', '> > > > > deep'],
    ['', ''],
  ])('%j', (text, wanted) => expect(shape(read(text))).toBe(wanted));
});

test('nothing of a text is lost, and no text takes long', () => {
  const nasty = ['*', '**', '_', '`', '[', '](', '> ', '- ', '~~', '\\', 'http://', '(', '<', '\n', 'a', ' '];
  let seed = 7;
  const next = (below: number) => (seed = (seed * 48_271) % 2_147_483_647) % below;
  for (let round = 0; round < 400; round += 1) {
    const text = Array.from({ length: 30 }, () => nasty[next(nasty.length)]).join('');
    const letters = (value: string) => value.replace(/[^a]/g, '').length;
    expect(
      letters(
        JSON.stringify(read(text), (key, value) =>
          key === 'is' || key === 'href' ? undefined : value,
        ).replace(/"(parts|text|blocks|items|start)"/g, ''),
      ),
      text,
    ).toBe(letters(text));
  }
  for (const piece of [
    '*a ',
    '**a',
    '`',
    '[a](',
    '> ',
    '_a_',
    'http://a.',
    '- ',
    '~~a ',
    '[',
    '```\n',
    '(http://a(',
  ]) {
    const began = performance.now();
    read(piece.repeat(16_000 / piece.length));
    expect(performance.now() - began, piece).toBeLessThan(400);
  }
});
