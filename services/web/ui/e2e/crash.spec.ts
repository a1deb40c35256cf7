import type { Page } from '@playwright/test';
import { Hub } from './hub';
import { purchaseOrder, unusedControl } from './papers';
import { ask, expect, jointDeal, test } from './stage';

test.skip(!Hub.program, 'ENTENTE_TEST_BINARY names no program to kill');

/** Every event of the room that stands on the screen, by its place in the log. */
const shown = (page: Page) =>
  page
    .getByRole('log')
    .locator('[data-seq]')
    .evaluateAll((events) => events.map((event) => Number(event.getAttribute('data-seq'))));

const write = async (page: Page, text: string) => {
  await page.getByRole('textbox', { name: /Message to/ }).fill(text);
  await page.keyboard.press('Enter');
};

test('two windows of two companies live through kill -9 without a gap or a double', async ({
  enter,
  complaints,
}) => {
  // What the browser says of a hub that is gone.
  complaints.expected.push(/ERR_CONNECTION_REFUSED|ERR_EMPTY_RESPONSE|ERR_CONNECTION_RESET|WebSocket/);
  const hub = await Hub.start();
  try {
    const here = { baseURL: hub.url };
    const [vera, bruno] = [await enter('vera', here), await enter('bruno', here)];
    const elena = await enter('elena@delmar.example', here);
    const deal = await jointDeal(vera, bruno);
    for (const page of [vera, bruno]) {
      await page.goto(`/deals/${deal.id}`);
      await expect(page.getByRole('textbox', { name: /Message to/ })).toBeVisible();
    }
    const born = await bruno.evaluate(() => performance.timeOrigin);

    await write(vera, 'Before the lights go out');
    await expect(bruno.getByRole('log').getByText('Before the lights go out')).toHaveCount(1);
    await vera.getByRole('button', { name: /^Stage:/ }).click();
    await vera.getByRole('menuitem', { name: 'Qualified' }).click();
    await expect(bruno.getByRole('log').getByText(/from Identified to Qualified/)).toHaveCount(1);
    const number = `DF-${unusedControl()}`;
    await elena.context().request.post('/api/v1/edi/interchanges', {
      headers: { 'x-entente-client': 'web', 'content-type': 'application/edi-x12' },
      data: Buffer.from(purchaseOrder(number, unusedControl(), { deal: deal.id })),
    });
    await expect(bruno.getByRole('log').getByText(`Order ${number}`)).toHaveCount(1);
    await expect(vera.getByRole('log').getByRole('link', { name: `Order ${number}` })).toHaveCount(1);

    // Killed while messages are on their way: some were committed, some acknowledged, some neither.
    const said = ['one', 'two', 'three', 'four', 'five'].map((word) => `In flight: ${word}`);
    for (const text of said.slice(0, 3)) await write(vera, text);
    await hub.kill();
    for (const page of [vera, bruno]) await expect(page.getByText('Reconnecting…')).toBeVisible();
    for (const text of said.slice(3)) await write(vera, text);
    await write(bruno, 'Is anybody there?');
    await expect(bruno.getByText('Sending…')).toBeVisible();

    await hub.rise();
    for (const page of [vera, bruno]) {
      for (const text of [...said, 'Is anybody there?', 'Before the lights go out'])
        await expect(page.getByRole('log').getByText(text, { exact: true })).toHaveCount(1);
      await expect(page.getByText('Sending…')).toHaveCount(0);
      await expect(page.getByText('Reconnecting…')).toHaveCount(0);
    }
    await write(bruno, 'Here we are again');
    await expect(vera.getByRole('log').getByText('Here we are again')).toHaveCount(1);
    await vera.getByRole('button', { name: /^Stage:/ }).click();
    await vera.getByRole('menuitem', { name: 'Technical OK' }).click();
    await expect(bruno.locator('header').getByText('Technical OK')).toBeVisible();

    const room = deal.rooms.find((one) => one.kind === 'main')!.id;
    const { items } = await ask<{ items: { seq: number }[] }>(
      bruno,
      'GET',
      `/rooms/${room}/events?limit=200`,
    );
    const log = items.map((event) => event.seq);
    expect(log).toEqual(log.map((_, place) => log[0] + place));
    for (const page of [vera, bruno]) await expect.poll(() => shown(page)).toEqual(log);
    expect(await bruno.evaluate(() => performance.timeOrigin), 'nobody reloaded').toBe(born);
  } finally {
    await hub.end();
  }
});
