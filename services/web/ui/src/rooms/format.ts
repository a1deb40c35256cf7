/** What the composer's keys and buttons do to a text. Pure, so that it can be told in tests. */
export interface Written {
  text: string;
  from: number;
  to: number;
}

/** Puts a mark around what is chosen, or takes it off where it stands already. */
export function mark({ text, from, to }: Written, sign: string): Written {
  const n = sign.length;
  const chosen = text.slice(from, to);
  if (text.slice(from - n, from) === sign && text.slice(to, to + n) === sign) {
    return { text: text.slice(0, from - n) + chosen + text.slice(to + n), from: from - n, to: to - n };
  }
  if (chosen.length >= 2 * n && chosen.startsWith(sign) && chosen.endsWith(sign)) {
    const bare = chosen.slice(n, -n);
    return { text: text.slice(0, from) + bare + text.slice(to), from, to: from + bare.length };
  }
  // Marks hold words, not the blanks beside them.
  const inner = chosen.trim();
  const start = inner ? from + chosen.indexOf(inner) : from;
  const end = inner ? start + inner.length : to;
  const kept = inner || chosen;
  return {
    text: text.slice(0, start) + sign + kept + sign + text.slice(end),
    from: start + n,
    to: start + n + kept.length,
  };
}

/** Begins each chosen line with a sign, or takes it away where all of them have it. */
export function begin({ text, from, to }: Written, sign: string): Written {
  const start = text.lastIndexOf('\n', from - 1) + 1;
  const next = text.indexOf('\n', to);
  const end = next < 0 ? text.length : next;
  const lines = text.slice(start, end).split('\n');
  const all = lines.every((line) => line.startsWith(sign));
  const begun = (line: string) => (line.startsWith(sign) ? line : sign + line);
  const changed = lines.map((line) => (all ? line.slice(sign.length) : begun(line))).join('\n');
  const shift = all ? -sign.length : begun(lines[0]).length - lines[0].length;
  return {
    text: text.slice(0, start) + changed + text.slice(end),
    from: Math.max(start, from + shift),
    to: Math.max(start, to + changed.length - (end - start)),
  };
}

/** Makes a link of what is chosen, with the place for its address chosen next. */
export function link({ text, from, to }: Written): Written {
  const chosen = text.slice(from, to);
  if (/^https?:\/\/\S+$/.test(chosen)) {
    return { text: `${text.slice(0, from)}[](${chosen})${text.slice(to)}`, from: from + 1, to: from + 1 };
  }
  const address = 'https://';
  const at = from + chosen.length + 3;
  return {
    text: `${text.slice(0, from)}[${chosen}](${address})${text.slice(to)}`,
    from: at,
    to: at + address.length,
  };
}

const ITEM = /^( *)([-*+]|(\d{1,9})([.)])) +/;

/** A new line: within a list the next item, behind an empty item the end of the list. */
export function newline({ text, from, to }: Written): Written {
  const start = text.lastIndexOf('\n', from - 1) + 1;
  const line = text.slice(start, from);
  const item = ITEM.exec(line);
  if (item && line.length === item[0].length) {
    return { text: text.slice(0, start) + text.slice(to), from: start, to: start };
  }
  const lead = item ? `${item[1]}${item[3] ? `${Number(item[3]) + 1}${item[4]}` : item[2]} ` : '';
  const at = from + 1 + lead.length;
  return { text: `${text.slice(0, from)}\n${lead}${text.slice(to)}`, from: at, to: at };
}

/** The formats of the composer's bar, and the key of each with Ctrl. */
export const FORMATS = [
  { name: 'bold', key: 'b', act: (text: Written) => mark(text, '**') },
  { name: 'italic', key: 'i', act: (text: Written) => mark(text, '_') },
  { name: 'strike', key: 'X', act: (text: Written) => mark(text, '~~') },
  { name: 'code', key: 'e', act: (text: Written) => mark(text, '`') },
  { name: 'link', key: 'U', act: link },
  { name: 'list', key: '*', act: (text: Written) => begin(text, '- ') },
  { name: 'quote', key: '>', act: (text: Written) => begin(text, '> ') },
] as const;

const QUOTE_CHARS = 140;

/** The words of a message in one line, without their marks. */
export function short(body: string): string {
  const line = body
    .replace(/@\[([^[\]\n]{1,200})\]\([^()\s]*\)/g, '@$1')
    .replace(/\[([^[\]\n]{1,500})\]\([^()\s]*\)/g, '$1')
    .replace(/^[ >#*+-]+|[*_~`]{1,3}/gm, '')
    .replace(/\s+/g, ' ')
    .trim();
  return line.length > QUOTE_CHARS ? `${line.slice(0, QUOTE_CHARS).trimEnd()}…` : line;
}
