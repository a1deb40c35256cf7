import type { Certificate, Terms } from '../api/types';
import { queries } from '../app/queries';

export const fresh = () => queries.invalidateQueries({ queryKey: ['as2'] });

/** What is agreed with most partners today. */
export const USUAL: Terms = {
  sign: true,
  cipher: 'aes256-cbc',
  compress: false,
  later: false,
  signed_receipt: true,
  require_signed: true,
  require_encrypted: true,
  acknowledge_hours: 24,
  ask_contrl: false,
  legacy: false,
};

export const CIPHERS = ['aes128-cbc', 'aes192-cbc', 'aes256-cbc', 'aes128-gcm', 'aes256-gcm'];

/** For which syntax an EDI id is meant, by its qualifier: `both` where that means something in either. */
export const meant = (name: string) => {
  const [qualifier = '', id = ''] = name.split(':');
  if (qualifier === '14' && (id === '' || id.length === 13)) return 'gln';
  if (qualifier === 'ZZ') return 'x12';
  return qualifier.length === 2 ? 'both' : 'edifact';
};

const DAY = 86_400_000;

/** How long a certificate is still good: `over`, `soon` (30 days), or `good`. */
export const age = (certificate: Pick<Certificate, 'until'>, now = Date.now()) => {
  const left = Date.parse(certificate.until) - now;
  return left <= 0 ? 'over' : left < 30 * DAY ? 'soon' : 'good';
};

/** The bytes of a file as base64, in pieces that no call is too long for. */
export const base64 = async (file: Blob) => {
  const bytes = new Uint8Array(await file.arrayBuffer());
  let text = '';
  for (let at = 0; at < bytes.length; at += 8192) {
    text += String.fromCharCode(...bytes.subarray(at, at + 8192));
  }
  return btoa(text);
};

/** A file of certificates as the hub takes it: PEM as it is, anything else as base64. */
export const certificatesOf = async (file: Blob) => {
  const text = await file.text();
  return text.includes('-----BEGIN') ? text : base64(file);
};
