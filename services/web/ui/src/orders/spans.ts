import type { Segment } from './segments';

/** Bytes of a file: the first, and how many. */
export interface Span {
  at: number;
  length: number;
}

interface Piece {
  /** The separator before it. */
  mark: string;
  text: string;
  lit: boolean;
}

const overlap = (from: number, to: number, spans: Span[]) =>
  spans.some((span) => span.at < to && span.at + span.length > from);

/** The elements of a segment, each with whether one of the spans is in it. */
export function pieces(segment: Segment, separator: string, spans: Span[]): Piece[] {
  let from = segment.from + segment.tag.length;
  // UNA has no separator of its own after its tag.
  const gap = segment.tag === 'UNA' ? 0 : separator.length;
  return segment.elements.map((text) => {
    const start = from + gap;
    from = start + text.length;
    return { mark: gap ? separator : '', text, lit: text !== '' && overlap(start, from, spans) };
  });
}

/** Whether a value comes from a segment. */
export const isFrom = (spans: Span[], segment?: Segment) =>
  !!segment && overlap(segment.from, segment.to, spans);
