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

/**
 * Cuts an X12 interchange for reading only. The ISA has fixed widths: the element separator is its
 * fourth byte, the segment terminator its 106th. What does not begin with ISA is shown line by line.
 */
export function cut(text: string): Cut {
  const isa = text.startsWith('ISA') && text.length >= 106;
  const separator = isa ? text[3] : '*';
  const terminator = isa ? text[105] : text.includes('~') ? '~' : '\n';
  const segments: Segment[] = [];
  let from = 0;
  while (from < text.length) {
    const found = text.indexOf(terminator, from);
    const end = found < 0 ? text.length : found;
    const lead = /^[\r\n\s]*/.exec(text.slice(from, end))![0].length;
    const body = text.slice(from + lead, end).replace(/[\r\n]+$/, '');
    if (body) {
      const elements = body.split(separator);
      segments.push({
        number: segments.length + 1,
        tag: elements[0],
        elements: elements.slice(1),
        from: from + lead,
        to: end + 1,
      });
    }
    from = end + 1;
  }
  return { segments, separator };
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
] as const;
export const isNamed = (tag: string) => (NAMED as readonly string[]).includes(tag);
