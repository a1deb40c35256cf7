import { expect, test as base, type Browser, type BrowserContext, type Page } from '@playwright/test';

/** People of `entente demo`. */
export const CAST = {
  vera: 'vera@nordwind.example',
  sam: 'sam@nordwind.example',
  olga: 'olga@nordwind.example',
  bruno: 'bruno@atelier.example',
  ines: 'ines@atelier.example',
  carl: 'carl@kestrel.example',
  kate: 'kate@kestrel.example',
  dora: 'dora@delmar.example',
} as const;
export type Who = keyof typeof CAST;
const PASSWORD = 'entente-demo';
const CLIENT = { 'x-entente-client': 'web' };

/** What the browser complains about; answers that a test provokes on purpose may be let pass by their status. */
class Complaints {
  heard: string[] = [];
  expected: RegExp[] = [];
  listen(page: Page) {
    page.on('console', (message) => {
      if (message.type() === 'error' && !this.expected.some((one) => one.test(message.text())))
        this.heard.push(message.text());
    });
    page.on('pageerror', (fault) => this.heard.push(String(fault)));
  }
}

interface Scene {
  complaints: Complaints;
  /** A window of this person, signed in through the API. */
  enter: (who: Who | string, options?: Parameters<Browser['newContext']>[0]) => Promise<Page>;
}

export const test = base.extend<Scene>({
  complaints: async ({}, use) => {
    const complaints = new Complaints();
    await use(complaints);
    expect(complaints.heard).toEqual([]);
  },
  enter: async ({ browser, baseURL, complaints, contextOptions, viewport }, use) => {
    const contexts: BrowserContext[] = [];
    await use(async (who, options) => {
      const context = await browser.newContext({
        ...contextOptions,
        viewport,
        baseURL,
        locale: 'en-GB',
        timezoneId: 'Europe/Paris',
        ...options,
      });
      contexts.push(context);
      const page = await context.newPage();
      complaints.listen(page);
      const email = who in CAST ? CAST[who as Who] : who;
      const answer = await context.request.post('/api/v1/sign-in', {
        headers: CLIENT,
        data: { email, password: PASSWORD },
      });
      expect(answer.ok(), `${email} signs in: ${answer.status()}`).toBe(true);
      await context.request.patch('/api/v1/me', { headers: CLIENT, data: { locale: 'en' } });
      return page;
    });
    for (const context of contexts) await context.close();
  },
});
export { expect };

/** Asks the hub as the person of this window. */
export async function ask<T = Record<string, never>>(
  page: Page,
  method: 'GET' | 'POST' | 'PATCH' | 'DELETE',
  path: string,
  data?: unknown,
): Promise<T> {
  const answer = await page
    .context()
    .request.fetch(`/api/v1${path}`, { method, headers: CLIENT, ...(data === undefined ? {} : { data }) });
  expect(answer.ok(), `${method} ${path}: ${answer.status()} ${answer.ok() ? '' : await answer.text()}`).toBe(
    true,
  );
  const text = await answer.text();
  return (text ? JSON.parse(text) : undefined) as T;
}

interface Partnerships {
  items: { state: string; partner: { id: string; name: string } }[];
}
export async function partner(page: Page, name: string) {
  const { items } = await ask<Partnerships>(page, 'GET', '/partnerships');
  const found = items.find((one) => one.state === 'active' && one.partner.name.startsWith(name));
  expect(found, `an active partnership with ${name}`).toBeTruthy();
  return found!.partner;
}

let made = 0;
export const unique = (word: string) => `${word} ${Date.now().toString(36)}${(made += 1)}`;

interface MadeDeal {
  id: string;
  title: string;
  rooms: { id: string; kind: string }[];
}
/** A deal of Nordwind, with Atelier in it once Bruno has accepted. */
export async function jointDeal(host: Page, guest?: Page, title = unique('Joint deal')) {
  const atelier = guest ? await partner(host, 'Atelier') : undefined;
  const deal = await ask<MadeDeal>(host, 'POST', '/deals', {
    title,
    account: 'Lindqvist Logistik',
    amount_minor: 1_250_000,
    currency: 'EUR',
    stage: 'identified',
    next_step: 'Call back',
    ...(atelier
      ? {
          parties: [
            {
              organisation: atelier.id,
              fields: ['title', 'account', 'amount', 'close_on', 'next_step', 'stage'],
            },
          ],
        }
      : {}),
  });
  if (guest) {
    const { items } = await ask<{ items: { deal: string; party: string }[] }>(
      guest,
      'GET',
      '/deal-invitations',
    );
    const invitation = items.find((one) => one.deal === deal.id);
    expect(invitation, 'an invitation').toBeTruthy();
    await ask(guest, 'POST', `/deals/${deal.id}/parties/${invitation!.party}/moves`, { move: 'accept' });
  }
  return deal;
}

export const lane = (page: Page, stage: string) => page.locator(`[data-stage="${stage}"]`);
export const card = (page: Page, id: string) => page.locator(`[data-card="${id}"]`);
