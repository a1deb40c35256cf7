import type { Answer, Body, Called, Query } from './doors';

/** A refusal or fault of the hub, as RFC 9457 tells it. */
export class Problem extends Error {
  readonly status: number;
  readonly slug: string;
  readonly detail: string;
  readonly field?: string;
  readonly revision?: number;

  constructor(status: number, body: Record<string, unknown>) {
    const text = (name: string) => (typeof body[name] === 'string' ? (body[name] as string) : undefined);
    super(text('detail') ?? text('title') ?? `HTTP ${status}`);
    this.status = status;
    this.slug = (text('type') ?? '').split('/').pop() ?? '';
    this.detail = this.message;
    this.field = text('field');
    this.revision = typeof body.revision === 'number' ? body.revision : undefined;
  }
}

interface Options {
  query?: object;
  revision?: number;
  signal?: AbortSignal;
}

let onSignedOut = () => {};
/** Tells what to do once the hub no longer knows this session. */
export const whenSignedOut = (act: () => void) => {
  onSignedOut = act;
};

/** Everything that the hub does; what each address takes and answers is checked against its document. */
export const api = {
  read: <C extends Called<'get'>>(path: C, query?: Query<'get', C>, signal?: AbortSignal) =>
    call<Answer<'get', C>>('GET', path, undefined, { query, signal }),
  post: <C extends Called<'post'>>(path: C, ...[body]: Given<Body<'post', C>>) =>
    call<Answer<'post', C>>('POST', path, body),
  put: <C extends Called<'put'>>(path: C, body: Body<'put', C>) => call<Answer<'put', C>>('PUT', path, body),
  patch: <C extends Called<'patch'>>(path: C, body: Body<'patch', C>, revision?: number) =>
    call<Answer<'patch', C>>('PATCH', path, body, { revision }),
  drop: <C extends Called<'delete'>>(path: C) => call<Answer<'delete', C>>('DELETE', path),
  /** The bytes of a document, read as Latin-1 so that one character is one byte. */
  raw: async (path: Called<'get'>) => {
    const answer = await fetch(`/api/v1${path}`, { headers: CLIENT });
    if (!answer.ok) throw await problem(answer);
    const bytes = new Uint8Array(await answer.arrayBuffer());
    return Array.from(bytes, (byte) => String.fromCharCode(byte)).join('');
  },
  upload: async <C extends Called<'post'>>(path: C, bytes: Blob, query?: URLSearchParams) => {
    const headers = { ...CLIENT, 'content-type': 'application/octet-stream' };
    const asked = query ? `?${query.toString()}` : '';
    const answer = await fetch(`/api/v1${path}${asked}`, { method: 'POST', headers, body: bytes });
    if (!answer.ok) throw await problem(answer);
    return (await answer.json()) as Answer<'post', C>;
  },
};

/** A body must be given where the hub wants one, and cannot be where it takes none. */
type Given<B> = undefined extends B ? [body?: B] : [body: B];

/** The hub takes unsafe requests with a cookie only from a page that can set a header of its own. */
const CLIENT = { 'x-entente-client': 'web' };

async function call<T>(method: string, path: string, body?: unknown, options: Options = {}): Promise<T> {
  const headers: Record<string, string> = { ...CLIENT, accept: 'application/json' };
  if (body !== undefined) {
    headers['content-type'] = method === 'PATCH' ? 'application/merge-patch+json' : 'application/json';
  }
  if (options.revision !== undefined) headers['if-match'] = `"${options.revision}"`;
  const answer = await fetch(`/api/v1${path}${search(options.query)}`, {
    method,
    headers,
    signal: options.signal,
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  if (!answer.ok) {
    const refusal = await problem(answer);
    if (answer.status === 401 && path !== '/sign-in') onSignedOut();
    throw refusal;
  }
  if (answer.status === 204) return undefined as T;
  const text = await answer.text();
  return (text ? JSON.parse(text) : undefined) as T;
}

async function problem(answer: Response) {
  const body = await answer.json().catch(() => ({}));
  return new Problem(answer.status, body as Record<string, unknown>);
}

function search(query: object = {}) {
  const kept = Object.entries(query).filter(
    ([, value]) => value !== undefined && value !== null && value !== '',
  );
  const text = new URLSearchParams(kept.map(([name, value]) => [name, String(value)])).toString();
  return text && `?${text}`;
}
