import type { MendEdit } from '../api/types';
import type { Segment } from './segments';

/** What a person writes into segments, by their numbers; an empty text takes the segment out. */
export type Changes = Record<number, string>;

const bytesOf = (raw: string) => Uint8Array.from(raw, (character) => character.charCodeAt(0));
const STRICT = new TextDecoder('utf-8', { fatal: true });

/** Bytes, one character each, as people read them: UTF-8 where the whole file is, else Latin-1. */
function read(bytes: string, file: string) {
  try {
    STRICT.decode(bytesOf(file));
  } catch {
    return bytes;
  }
  return STRICT.decode(bytesOf(bytes));
}

/** Where the words of a segment end: before its terminator, and any line break before that. */
function endOf(raw: string, segment: Segment) {
  let end = Math.min(segment.to, raw.length + 1) - 1;
  while (end > segment.from && (raw[end - 1] === '\n' || raw[end - 1] === '\r')) end -= 1;
  return end;
}

/** A segment without its terminator. */
export const wordsOf = (raw: string, segment: Segment) =>
  read(raw.slice(segment.from, endOf(raw, segment)), raw);

/** What is to be sent: the bytes that are replaced, and by what. */
export function editsOf(raw: string, segments: Segment[], changes: Changes): MendEdit[] {
  return segments.flatMap((segment) => {
    const text = changes[segment.number];
    if (text === undefined || text === wordsOf(raw, segment)) return [];
    const end = text === '' ? Math.min(segment.to, raw.length) : endOf(raw, segment);
    return [{ at: segment.from, length: end - segment.from, text }];
  });
}
