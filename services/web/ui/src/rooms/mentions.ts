/**
 * Mentions, as they are written and as they are sent. The field shows `@Bruno Keller`; the message that goes out
 * says `@[Bruno Keller](per_…)`. What was not chosen from the list stays text.
 */
export interface Words {
  text: string;
  /** The name that the field shows, and whom it calls. */
  called: Record<string, string>;
}

export const ALL = 'all';
/** How many different people and sides the hub lets one message call. */
export const MOST_CALLED = 20;

const MENTION = /@\[([^[\]\n]{1,200})\]\(((?:per|org)_[0-9a-z]{26}|all)\)/g;
const isWord = (char: string | undefined) => char !== undefined && /[\p{L}\p{N}_]/u.test(char);

/** Words as the field shows them. */
export function opened(body: string, everybody: string): Words {
  const called: Record<string, string> = {};
  const text = body.replace(MENTION, (_, name: string, id: string) => {
    const shown = id === ALL ? everybody : name;
    called[shown] = id;
    return `@${shown}`;
  });
  return { text, called };
}

/** Walks through the text, with the name that is called at each place. */
function walk({ text, called }: Words, plain: (part: string) => void, call: (name: string) => void) {
  const names = Object.keys(called).sort((a, b) => b.length - a.length);
  let from = 0;
  for (let at = text.indexOf('@'); at >= 0; at = text.indexOf('@', at + 1)) {
    if (isWord(text[at - 1])) continue;
    const name = names.find((one) => text.startsWith(one, at + 1) && !isWord(text[at + 1 + one.length]));
    if (!name) continue;
    plain(text.slice(from, at));
    call(name);
    from = at + 1 + name.length;
    at = from - 1;
  }
  plain(text.slice(from));
}

/** Words as the hub reads them. */
export function sealed(words: Words): string {
  let body = '';
  walk(
    words,
    (part) => (body += part),
    (name) => {
      const id = words.called[name];
      body += `@[${id === ALL ? ALL : name.replace(/[[\]\n]/g, ' ')}](${id})`;
    },
  );
  return body;
}

/** Whom a message will call, each once, in their order. */
export function calls(words: Words): { name: string; id: string }[] {
  const names = new Map<string, string>();
  walk(
    words,
    () => {},
    (name) => names.set(words.called[name], name),
  );
  return [...names].map(([id, name]) => ({ name, id }));
}

export interface Asked {
  what: 'person' | 'emoji' | 'reaction';
  /** Where the sign stands that asked. */
  from: number;
  /** What was written behind it. */
  part: string;
}

/** What the place before the caret asks for: somebody behind `@`, an emoji behind `:`, a reaction behind `+:`. */
export function asked(text: string, caret: number): Asked | null {
  const before = text.slice(Math.max(0, caret - 40), caret);
  const start = caret - before.length;
  const reaction = start === 0 && /^\+:([\p{L}\p{N}_ ]{0,20})$/u.exec(before);
  if (reaction) return { what: 'reaction', from: 0, part: reaction[1] };
  const person = /(?:^|[\s(])@([\p{L}\p{M}\p{N}.'’-]*(?: [\p{L}\p{M}\p{N}.'’-]*){0,2})$/u.exec(before);
  if (person) return { what: 'person', from: caret - person[1].length - 1, part: person[1] };
  const emoji = /(?:^|[\s(]):([\p{L}\p{N}_]{2,20})$/u.exec(before);
  if (emoji) return { what: 'emoji', from: caret - emoji[1].length - 1, part: emoji[1] };
  return null;
}

export interface Callable {
  id: string;
  name: string;
  /** Besides the name: the person's side, or what is called. */
  aside?: string;
}

const plain = (text: string) => text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();

/** Those of whose name some word begins as was written; a name's own beginning comes first. */
export function matching<T extends Callable>(all: T[], part: string): T[] {
  const sought = plain(part).trim();
  if (!sought) return all;
  const rank = ({ name }: Callable) => {
    const bare = plain(name);
    if (bare.startsWith(sought)) return 0;
    return bare.split(/[\s.'’-]+/).some((word) => word.startsWith(sought)) ? 1 : 2;
  };
  return all.filter((one) => rank(one) < 2).sort((a, b) => rank(a) - rank(b));
}

/** Calls somebody in the place that asked. Who bears a name that calls another already is called with the side. */
export function call(words: Words, { from }: Asked, caret: number, who: Callable): Words & { caret: number } {
  const taken = words.called[who.name];
  const name = taken && taken !== who.id ? `${who.name} (${who.aside ?? who.id})` : who.name;
  const text = `${words.text.slice(0, from)}@${name} ${words.text.slice(caret).replace(/^ /, '')}`;
  return { text, called: { ...words.called, [name]: who.id }, caret: from + name.length + 2 };
}
