import { expect, it } from 'vitest';
import { age, base64, certificatesOf, meant } from './ours';

it('a certificate is told soon enough that it runs out', () => {
  const now = Date.parse('2026-11-22T00:00:00Z');
  expect(age({ until: '2027-11-22T00:00:00Z' }, now)).toBe('good');
  expect(age({ until: '2026-12-21T00:00:00Z' }, now)).toBe('soon');
  expect(age({ until: '2026-11-22T00:00:00Z' }, now)).toBe('over');
});

it('a file of certificates is PEM, or becomes base64', async () => {
  const pem = '-----BEGIN CERTIFICATE-----\nAA==\n-----END CERTIFICATE-----\n';
  expect(await certificatesOf(new Blob([pem]))).toBe(pem);
  expect(await certificatesOf(new Blob([new Uint8Array([48, 130, 255])]))).toBe('MIL/');
  const long = new Uint8Array(20_000).fill(7);
  expect(atob(await base64(new Blob([long])))).toHaveLength(20_000);
});

it('an EDI id is meant for the syntax that its qualifier is of', () => {
  expect(['ZZ:ACME', 'ZZZ:ACME', '14:4006381333931', '14:', '01:123456789', '14:12'].map(meant)).toEqual([
    'x12',
    'edifact',
    'gln',
    'gln',
    'both',
    'both',
  ]);
});
