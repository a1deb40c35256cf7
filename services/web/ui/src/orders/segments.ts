/** One segment of an interchange as it lies in the bytes. */
export interface Segment {
  number: number;
  tag: string;
  elements: string[];
  from: number;
  to: number;
}
export interface Cut {
  segments: Segment[];
  separator: string;
}

interface Marks {
  separator: string;
  terminator: string;
  release: string;
}

/** The characters that cut it: ISA has them at fixed places, UNA names them, UNB has the usual ones. */
function marksOf(text: string): Marks {
  if (text.startsWith('ISA') && text.length >= 106) {
    return { separator: text[3], terminator: text[105], release: '' };
  }
  if (text.startsWith('UNA') && text.length >= 9) {
    return { separator: text[4], terminator: text[8], release: text[6].trim() };
  }
  if (text.startsWith('UNB')) return { separator: '+', terminator: "'", release: '?' };
  return { separator: '*', terminator: text.includes('~') ? '~' : '\n', release: '' };
}

/** The place of a mark that no release character takes its meaning from; -1 if there is none. */
function find(text: string, mark: string, from: number, release: string) {
  for (let at = text.indexOf(mark, from); at >= 0; at = text.indexOf(mark, at + 1)) {
    let released = 0;
    while (release && text[at - 1 - released] === release && at - 1 - released >= from) released += 1;
    if (released % 2 === 0) return at;
  }
  return -1;
}

const parted = (text: string, { separator, release }: Marks) => {
  const parts: string[] = [];
  for (let from = 0; ; ) {
    const at = find(text, separator, from, release);
    parts.push(text.slice(from, at < 0 ? undefined : at));
    if (at < 0) return parts;
    from = at + separator.length;
  }
};

/**
 * Cuts an interchange of X12 or EDIFACT for reading only. What is neither is shown line by line.
 */
export function cut(file: string): Cut {
  const filling = /^[\r\n\s\u{feff}]*/u.exec(file)![0].length;
  const marks = marksOf(file.slice(filling));
  const segments: Segment[] = [];
  let from = filling;
  if (file.startsWith('UNA', from)) {
    segments.push({ number: 1, tag: 'UNA', elements: [file.slice(from + 3, from + 9)], from, to: from + 9 });
    from += 9;
  }
  while (from < file.length) {
    const found = find(file, marks.terminator, from, marks.release);
    const end = found < 0 ? file.length : found;
    const lead = /^[\r\n\s]*/.exec(file.slice(from, end))![0].length;
    const body = file.slice(from + lead, end).replace(/[\r\n]+$/, '');
    if (body) {
      const [tag, ...elements] = parted(body, marks);
      segments.push({ number: segments.length + 1, tag, elements, from: from + lead, to: end + 1 });
    }
    from = end + 1;
  }
  return { segments, separator: marks.separator };
}

/** The segment in which a byte lies. */
export const at = (segments: Segment[], byte: number) =>
  segments.find((segment) => byte >= segment.from && byte < segment.to);

/** Segments that we can name in plain words. */
export const NAMED = [
  'ISA',
  'GS',
  'ST',
  'BEG',
  'BAK',
  'CUR',
  'REF',
  'DTM',
  'N1',
  'N3',
  'N4',
  'PO1',
  'PID',
  'ACK',
  'CTT',
  'AMT',
  'AK1',
  'AK2',
  'AK3',
  'AK4',
  'AK5',
  'AK9',
  'TA1',
  'MSG',
  'PER',
  'SE',
  'GE',
  'IEA',
  'UNA',
  'UNB',
  'UNH',
  'BGM',
  'NAD',
  'RFF',
  'CUX',
  'LIN',
  'PIA',
  'IMD',
  'QTY',
  'PRI',
  'MOA',
  'FTX',
  'TAX',
  'ALC',
  'UNS',
  'CNT',
  'UNT',
  'UNZ',
  'UCI',
  'UCM',
  'UCS',
  'UCD',
  'CTA',
  'COM',
  'LOC',
  'TDT',
  'PAI',
] as const;
export const isNamed = (tag: string) => (NAMED as readonly string[]).includes(tag);
