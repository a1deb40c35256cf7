/**
 * The Markdown of messages, read into a tree that React renders. No HTML is ever made of a message: what is
 * no mark of ours is text. A line break is a line break, as in a chat. Time grows with the length of the text.
 */
export type Inline =
  | { is: 'text'; text: string }
  | { is: 'break' }
  | { is: 'code'; text: string }
  | { is: 'mention'; id: string; name: string }
  | { is: 'strong' | 'em' | 'strike'; parts: Inline[] }
  | { is: 'link'; href: string; parts: Inline[] };

export type Block =
  | { is: 'paragraph' | 'heading'; parts: Inline[] }
  | { is: 'code'; text: string }
  | { is: 'quote'; blocks: Block[] }
  | { is: 'list'; start: number | null; items: Block[][] };

/** Quotes and lists within each other; deeper ones stay text. */
const DEEPEST = 4;

export function read(text: string): Block[] {
  return blocks(text.replace(/\r\n?/g, '\n').replace(/\t/g, '    ').split('\n'), 0);
}

const FENCE = /^ {0,3}(```+|~~~+) *[\w+#.-]{0,30} *$/;
const QUOTE = /^ {0,3}> ?/;
const HEADING = /^ {0,3}#{1,6} +(?=\S)/;
const ITEM = /^( {0,3})([-*+•]|\d{1,9}[.)])( +)(?=\S)/;

function blocks(lines: string[], depth: number): Block[] {
  const told: Block[] = [];
  let paragraph: string[] = [];
  const close = () => {
    if (paragraph.length > 0) told.push({ is: 'paragraph', parts: inline(paragraph.join('\n')) });
    paragraph = [];
  };
  for (let at = 0; at < lines.length; ) {
    const line = lines[at];
    const fence = FENCE.exec(line)?.[1];
    if (fence) {
      close();
      const rest = lines.slice(at + 1);
      const end = rest.findIndex((one) => one.trim().startsWith(fence) && /^[`~ ]+$/.test(one));
      const body = end < 0 ? rest : rest.slice(0, end);
      told.push({ is: 'code', text: body.join('\n') });
      at += body.length + (end < 0 ? 1 : 2);
    } else if (QUOTE.test(line) && depth < DEEPEST) {
      close();
      const from = at;
      while (at < lines.length && QUOTE.test(lines[at])) at += 1;
      const inner = lines.slice(from, at).map((one) => one.replace(QUOTE, ''));
      told.push({ is: 'quote', blocks: blocks(inner, depth + 1) });
    } else if (ITEM.test(line) && depth < DEEPEST) {
      close();
      const [list, next] = listAt(lines, at, depth);
      told.push(list);
      at = next;
    } else {
      if (HEADING.test(line)) {
        close();
        told.push({ is: 'heading', parts: inline(line.replace(HEADING, '').replace(/ +#+ *$/, '')) });
      } else if (line.trim() === '') {
        close();
      } else {
        paragraph.push(line);
      }
      at += 1;
    }
  }
  close();
  return told;
}

/** Items of one kind; what is indented below an item belongs to it. */
function listAt(lines: string[], from: number, depth: number): [Block, number] {
  const first = ITEM.exec(lines[from])!;
  const numbered = /\d/.test(first[2]);
  const items: string[][] = [];
  let at = from;
  let inset = 0;
  for (; at < lines.length; at += 1) {
    const line = lines[at];
    const item = ITEM.exec(line);
    const indent = line.length - line.trimStart().length;
    if (items.length > 0 && line.trim() !== '' && indent >= Math.min(inset, first[1].length + 2)) {
      items.at(-1)!.push(line.slice(Math.min(indent, inset)));
    } else if (item && /\d/.test(item[2]) === numbered) {
      inset = item[0].length;
      items.push([line.slice(inset)]);
    } else {
      break;
    }
  }
  const start = numbered ? Number.parseInt(first[2], 10) : null;
  return [{ is: 'list', start, items: items.map((item) => blocks(item, depth + 1)) }, at];
}

const MARKS = [
  { mark: '**', is: 'strong' },
  { mark: '__', is: 'strong' },
  { mark: '~~', is: 'strike' },
  { mark: '*', is: 'em' },
  { mark: '_', is: 'em' },
] as const;

const ADDRESS = /https?:\/\/[^\s<>"]+/y;
const MENTION = /@\[([^[\]\n]{1,200})\]\(((?:per|org)_[0-9a-z]{26}|all)\)/y;
const LINK = /\[([^[\]\n]{1,500})\]\(\s*([^\s()]*(?:\([^\s()]*\)[^\s()]*)*)\s*\)/y;

/** The marks within a line, or a paragraph of lines. */
export function inline(text: string): Inline[] {
  const parts: Inline[] = [];
  let plain = '';
  /** Marks that have no end after this place; they need not be looked for again. */
  const endless = new Set<string>();
  const add = (part: Inline, length: number) => {
    if (plain) parts.push({ is: 'text', text: plain });
    plain = '';
    parts.push(part);
    return length;
  };
  for (let at = 0; at < text.length; ) {
    const taken = take(text, at, endless, add);
    if (taken > 0) {
      at += taken;
    } else if (text[at] === '\\' && /[\\`*_~[\]()#>+\-.!]/.test(text[at + 1] ?? '')) {
      plain += text[at + 1];
      at += 2;
    } else {
      plain += text[at];
      at += 1;
    }
  }
  if (plain) parts.push({ is: 'text', text: plain });
  return parts;
}

type Add = (part: Inline, length: number) => number;

/** Takes what begins at a place, and says how long it is; 0 if nothing does. */
function take(text: string, at: number, endless: Set<string>, add: Add): number {
  const char = text[at];
  if (char === '\n') return add({ is: 'break' }, 1);
  if (char === '`') return codeAt(text, at, endless, add);
  if (char === '@') {
    MENTION.lastIndex = at;
    const found = MENTION.exec(text);
    return found ? add({ is: 'mention', id: found[2], name: found[1] }, found[0].length) : 0;
  }
  if (char === '[') {
    LINK.lastIndex = at;
    const found = LINK.exec(text);
    const href = found && safe(found[2]);
    return found && href ? add({ is: 'link', href, parts: honest(found[1], href) }, found[0].length) : 0;
  }
  if (char === 'h' && !word(text[at - 1])) {
    ADDRESS.lastIndex = at;
    const found = ADDRESS.exec(text)?.[0];
    const address = found && trimmed(found);
    const href = address && safe(address);
    return href ? add({ is: 'link', href, parts: [{ is: 'text', text: address }] }, address.length) : 0;
  }
  for (const { mark, is } of MARKS) {
    if (!text.startsWith(mark, at) || endless.has(mark)) continue;
    const end = endOf(text, at, mark);
    if (end === 'never') endless.add(mark);
    else if (end !== 'not here')
      return add({ is, parts: inline(text.slice(at + mark.length, end)) }, end + mark.length - at);
  }
  return 0;
}

function codeAt(text: string, at: number, endless: Set<string>, add: Add): number {
  const run = /^`+/.exec(text.slice(at, at + 20))![0];
  if (endless.has(run)) return 0;
  const end = text.indexOf(run, at + run.length);
  if (end < 0) {
    endless.add(run);
    return 0;
  }
  const code = text.slice(at + run.length, end).replace(/\n/g, ' ');
  return code ? add({ is: 'code', text: code.trim() || code }, end + run.length - at) : 0;
}

/** A mark holds words: it stands at their edge, so that 2 * 3 * 4 and snake_case stay as they are. */
function endOf(text: string, at: number, mark: string): number | 'never' | 'not here' {
  const from = at + mark.length;
  const first = text[from];
  if (first === undefined || /\s/.test(first) || first === mark[0] || word(text[at - 1])) return 'not here';
  for (let end = text.indexOf(mark, from + 1); end >= 0; end = text.indexOf(mark, end + 1)) {
    // Of `***` the outer mark ends last.
    while (mark.length === 2 && text[end + 2] === mark[0]) end += 1;
    const after = text[end + mark.length];
    if (/\s/.test(text[end - 1]) || word(after)) continue;
    if (mark.length === 1 && (after === mark || text[end - 1] === mark)) continue;
    return end;
  }
  return 'never';
}

const word = (char: string | undefined) => char !== undefined && /[\p{L}\p{N}]/u.test(char);

/** Punctuation behind an address belongs to the sentence; a bracket only if it was not opened within. */
function trimmed(address: string) {
  let end = address.length;
  for (;;) {
    const last = address[end - 1];
    const opened =
      last === ')' && address.slice(0, end).split('(').length >= address.slice(0, end).split(')').length;
    if (opened || !/[.,;:!?)\]*_~'"»”]/.test(last ?? '')) break;
    end -= 1;
  }
  return address.slice(0, end);
}

/** Only addresses that open a page or a mail; never a script. */
function safe(address: string): string | null {
  if (!/^(https?:\/\/|mailto:)/i.test(address)) return null;
  return URL.canParse(address) ? address : null;
}

/** A link that reads like another address than the one it opens shows where it leads. */
function honest(words: string, href: string): Inline[] {
  const looks = /(?:https?:\/\/)?((?:[\w-]+\.)+[a-z]{2,})/i.exec(words)?.[1].toLowerCase();
  const leads = href.startsWith('mailto:') ? href.slice(7).toLowerCase() : new URL(href).hostname;
  const lies = looks !== undefined && !leads.endsWith(looks) && !looks.endsWith(leads);
  return lies ? [{ is: 'text', text: href }] : inlineWords(words);
}

const inlineWords = (words: string): Inline[] =>
  inline(words).map((part) => (part.is === 'link' ? { is: 'text', text: words } : part));
