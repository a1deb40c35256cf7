import { connect } from 'node:net';
import { createInterface } from 'node:readline';
import { ask, expect } from './stage';
import type { Page } from '@playwright/test';

/** A reply with a picture on it, as a page and as text. */
export const PLANS = [
  'From: Hélène Moreau <helene@cabinet-moreau.example>',
  'Subject: Re: Plans by mail',
  `Message-ID: <${Date.now()}@cabinet-moreau.example>`,
  'MIME-Version: 1.0',
  'Content-Type: multipart/mixed; boundary=b',
  '',
  '--b',
  'Content-Type: multipart/alternative; boundary=a',
  '',
  '--a',
  'Content-Type: text/plain; charset=utf-8',
  '',
  'Here they are.',
  '--a',
  'Content-Type: text/html; charset=utf-8',
  '',
  '<h2>Plans</h2><p>Here they are.</p><script>alert(1)</script><img src="https://spy.example/p.gif">',
  '--a--',
  '--b',
  'Content-Type: image/png; name="plan.png"',
  'Content-Transfer-Encoding: base64',
  'Content-Disposition: attachment; filename="plan.png"',
  '',
  'iVBORw0KGgoAAAANSUhEUgAAACAAAAAgCAIAAAD8GO2jAAAAKklEQVR42mOwqs2mKWIYtWDUglELRi0YtWDUglELRi0YtWDUglELhooFAGQ3iD2o5i8bAAAAAElFTkSuQmCC',
  '--b--',
].join('\r\n');

/** The address to which the guest of the newest letter replies, as whoever runs the mail reads it. */
export async function replyAddress(admin: Page, subject: string) {
  let found: string | undefined;
  await expect(async () => {
    const { items } = await ask<{ items: { id: string; subject: string }[] }>(admin, 'GET', '/mail/outbox');
    const letter = items.find((one) => one.subject === subject)!;
    const raw = await admin.request.get(`/api/v1/mail/outbox/${letter.id}/raw`);
    found = /reply\+[a-z2-7]{52}@[\w.-]+/.exec(await raw.text())?.[0];
    expect(found).toBeTruthy();
  }).toPass();
  return found!;
}

/** Hands a mail to the hub's listener, as any server would. */
export async function deliver(from: string, to: string, mail: string) {
  const [host, port] = process.env.ENTENTE_SMTP!.split(':');
  const socket = connect(Number(port), host);
  const lines = createInterface(socket)[Symbol.asyncIterator]();
  const steps = ['', 'HELO peer.example', `MAIL FROM:<${from}>`, `RCPT TO:<${to}>`, 'DATA', `${mail}\r\n.`];
  for (const [at, code] of ['220', '250', '250', '250', '354', '250'].entries()) {
    if (at > 0) socket.write(`${steps[at]}\r\n`);
    expect(String((await lines.next()).value)).toContain(code);
  }
  socket.end('QUIT\r\n');
}
