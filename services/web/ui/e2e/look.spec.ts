import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { ask, expect, test } from './stage';

const PLACES = [
  '/deals',
  '/deals?view=table',
  '/accounts',
  '/accounts/import',
  '/partners',
  '/quotes',
  '/registrations',
  '/registrations/terms',
  '/leads',
  '/leads?of=partners',
  '/leads/new',
  '/leads/terms',
  '/orders',
  '/orders/new',
  '/invoices',
  '/products',
  '/products?view=lists',
  '/products?view=prices',
  '/edi',
  '/edi?kind=850&days=30&plain=true',
  '/edi/as2',
  '/edi/as2?view=lane',
  '/edi/as2?view=mail',
  '/edi/as2?view=mailed',
  '/inbox',
  '/messages',
  '/mapping',
  '/mapping?view=populations',
  '/reports',
  '/search?q=price',
  '/people',
  '/mail',
  '/audit',
  '/settings',
  '/settings?part=look',
  '/settings?part=sessions',
  '/settings?part=tokens',
  '/settings?part=organisation',
  '/settings?part=mail',
  '/settings?part=notices',
  '/settings?part=records',
];
const TAGS = ['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa'];

async function faultless(page: Page) {
  const { violations } = await new AxeBuilder({ page }).withTags(TAGS).analyze();
  expect(
    violations.map((one) => [
      page.url(),
      one.id,
      one.nodes.map((node) => `${node.target.join(' ')} ${node.failureSummary ?? ''}`),
    ]),
  ).toEqual([]);
  expect(
    await page.evaluate(() => document.documentElement.scrollWidth),
    `${page.url()} is too wide`,
    // A phone's own `innerWidth` grows with what overflows.
  ).toBeLessThanOrEqual(page.viewportSize()?.width ?? 0);
}

const settled = async (page: Page) => {
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
  await page.waitForLoadState('networkidle');
};

for (const scheme of ['light', 'dark'] as const) {
  test(`every screen is free of faults (${scheme}) @everywhere`, async ({ enter }, info) => {
    test.setTimeout(600_000);
    const phone = info.project.name === 'phone';
    const page = await enter('olga', {
      colorScheme: scheme,
      reducedMotion: 'reduce',
      ...(phone ? { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true } : {}),
    });
    for (const place of PLACES) {
      await page.goto(place);
      await settled(page);
      await faultless(page);
    }
    const { items: deals } = await ask<{ items: { id: string }[] }>(page, 'GET', '/deals?limit=1');
    const { items: accounts } = await ask<{ items: { id: string }[] }>(
      page,
      'GET',
      '/accounts?view=own&limit=1',
    );
    const { items: orders } = await ask<{ items: { id: string }[] }>(page, 'GET', '/orders?limit=1');
    const { items: interchanges } = await ask<{ items: { id: string }[] }>(
      page,
      'GET',
      '/edi/interchanges?limit=1',
    );
    const { items: registrations } = await ask<{ items: { id: string }[] }>(page, 'GET', '/registrations?limit=2');
    const { items: leads } = await ask<{ items: { id: string }[] }>(page, 'GET', '/leads?limit=2');
    const { items: mappings } = await ask<{ items: { partnership: string }[] }>(page, 'GET', '/mappings');
    const records = [
      ...deals.flatMap(({ id }) => [
        `/deals/${id}`,
        `/deals/${id}/guests`,
        ...(phone ? [`/deals/${id}?show=card`, `/deals/${id}?show=parties`] : []),
      ]),
      ...accounts.map(({ id }) => `/accounts?open=${id}`),
      ...orders.map(({ id }) => `/orders/${id}`),
      ...mappings.map(({ partnership }) => `/mapping/${partnership}`),
      ...registrations.map(({ id }) => `/registrations/${id}`),
      ...leads.map(({ id }) => `/leads/${id}`),
      ...interchanges.map(({ id }) => `/edi/${id}`),
    ];
    for (const place of records) {
      await page.goto(place);
      await settled(page);
      await faultless(page);
    }
    await page.goto('/sign-in');
    await settled(page);
    await faultless(page);
  });
}

test('every control of the bar is inside the window @phone', async ({ enter }) => {
  const page = await enter('vera', { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true });
  await page.goto('/deals');
  await settled(page);
  const controls = page.locator('header').first().locator('a, button');
  expect(await controls.count()).toBeGreaterThan(4);
  for (const control of await controls.all()) {
    const box = await control.boundingBox();
    if (!box) continue;
    expect(box.x).toBeGreaterThanOrEqual(0);
    expect(box.x + box.width).toBeLessThanOrEqual(390);
    expect(Math.min(box.width, box.height)).toBeGreaterThanOrEqual(24);
  }
  await page.getByRole('button', { name: 'Menu', exact: true }).click();
  await page.getByRole('navigation', { name: 'Places' }).getByRole('link', { name: 'Settings' }).click();
  await expect(page.getByRole('heading', { name: 'Settings', level: 1 })).toBeVisible();
  await page
    .getByRole('navigation', { name: 'Quick access' })
    .getByRole('link', { name: 'Partners' })
    .click();
  await expect(page.getByRole('heading', { name: 'Partners', level: 1 })).toBeVisible();
});
