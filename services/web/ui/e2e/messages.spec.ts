import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { ask, expect, jointDeal, test } from './stage';

const SHOTS = process.env.SHOTS;
const shot = async (page: Page, name: string) => {
  if (SHOTS) await page.screenshot({ path: `${SHOTS}/${name}.png` });
};
const log = (page: Page, name: string) => page.getByRole('log', { name });
const write = async (page: Page, text: string) => {
  const field = page.getByRole('textbox', { name: /Message to/ });
  await field.fill(text);
  await field.press('Enter');
};
let turn = 0;
const say = (page: Page, room: string, body: string) =>
  ask(page, 'POST', `/rooms/${room}/events`, { cid: `e2e-${Date.now()}-${turn++}`, body });

test('two people talk in private, from a message in a deal, and nobody else finds it', async ({ enter }) => {
  const [vera, bruno, sam] = [await enter('vera'), await enter('bruno'), await enter('sam')];
  const deal = await jointDeal(vera, bruno);
  const main = deal.rooms.find((one) => one.kind === 'main')!.id;
  await say(bruno, main, 'Shall we talk about the price?');
  await sam.goto('/inbox');
  await vera.goto(`/deals/${deal.id}`);
  const message = log(vera, 'Room').getByRole('article').filter({ hasText: 'talk about the price' });
  await message.focus();
  await message.press('m');
  await expect(vera).toHaveURL(/\/messages\/room_/);
  await expect(vera.getByText('Only you and Bruno Marchand read this')).toBeVisible();
  await bruno.goto('/inbox');
  await write(vera, 'Between us: twelve percent');
  await expect(log(vera, 'Bruno Marchand').getByText('twelve percent')).toBeVisible();
  const nav = bruno.getByRole('link', { name: /^Messages/ });
  await expect(nav.getByLabel('1 unread', { exact: false })).toBeVisible();
  await bruno.getByRole('button', { name: /Vera Lindqvist wrote to you/ }).first().click();
  await expect(log(bruno, 'Vera Lindqvist').getByText('twelve percent')).toBeVisible();
  await write(bruno, 'Agreed, thank you');
  await expect(log(vera, 'Bruno Marchand').getByText('Agreed, thank you')).toBeVisible();
  await shot(vera, 'messages');
  const room = new URL(vera.url()).pathname.split('/').pop()!;
  await sam.goto('/messages');
  await expect(sam.getByText('Bruno Marchand')).toHaveCount(0);
  const found = await ask<{ items: unknown[] }>(sam, 'GET', '/search/messages?q=twelve');
  expect(JSON.stringify(found)).not.toContain(room);
});

test('one writes to a colleague from the list of messages', async ({ enter }) => {
  const vera = await enter('vera');
  await vera.goto('/messages');
  await vera.getByRole('button', { name: 'Write' }).click();
  await vera.getByRole('textbox', { name: 'To whom?' }).fill('sam');
  await vera.getByRole('button', { name: /^Sam/ }).click();
  await expect(vera).toHaveURL(/\/messages\/room_/);
  await write(vera, 'Lunch at noon?');
  await expect(vera.getByRole('log').getByText('Lunch at noon?')).toBeVisible();
});

test('the host hides a message, its side still reads it, and it can be shown again', async ({ enter }) => {
  const [vera, bruno, olga] = [await enter('vera'), await enter('bruno'), await enter('olga')];
  const deal = await jointDeal(vera, bruno);
  const main = deal.rooms.find((one) => one.kind === 'main')!.id;
  await say(bruno, main, 'Nobody should say this');
  for (const page of [olga, bruno]) await page.goto(`/deals/${deal.id}`);
  const message = log(olga, 'Room').getByRole('article').first();
  await expect(message.getByText('Nobody should say this')).toBeVisible();
  await message.hover();
  await message.getByRole('button', { name: 'More for this message' }).click();
  await shot(olga, 'moderation-menu');
  await olga.getByRole('menuitem', { name: /Hide from the others/ }).click();
  await expect(log(olga, 'Room').getByText(/^Hidden by /)).toBeVisible();
  await expect(log(bruno, 'Room').getByText('Nobody should say this')).toBeVisible();
  await expect(log(bruno, 'Room').getByText(/hid this: only your side/)).toBeVisible();
  await shot(bruno, 'hidden-own-side');
  await olga.reload();
  await expect(log(olga, 'Room').getByText(/^Hidden by /)).toBeVisible();
  await message.focus();
  await message.press('h');
  await expect(log(olga, 'Room').getByText('Nobody should say this')).toBeVisible();
});

test('a room is slowed down and locked, and everybody sees it', async ({ enter }) => {
  const [vera, bruno, olga] = [await enter('vera'), await enter('bruno'), await enter('olga')];
  const deal = await jointDeal(vera, bruno);
  for (const page of [olga, bruno]) await page.goto(`/deals/${deal.id}`);
  await olga.getByRole('button', { name: 'Keep order' }).click();
  await olga.getByRole('menuitemradio', { name: '30 seconds' }).click();
  await expect(bruno.getByText('Slow room: 30 seconds')).toBeVisible();
  await expect(log(bruno, 'Room').getByText(/slowed the room down: 30 seconds/)).toBeVisible();
  await olga.getByRole('button', { name: 'Keep order' }).click();
  await olga.getByRole('menuitem', { name: 'Lock the room' }).click();
  await expect(bruno.getByText('This room is locked.')).toBeVisible();
  await expect(bruno.getByRole('textbox', { name: /Message to/ })).toHaveCount(0);
  await shot(bruno, 'locked');
  await olga.getByRole('button', { name: 'Keep order' }).click();
  await olga.getByRole('menuitem', { name: 'Open the room again' }).click();
  await expect(bruno.getByRole('textbox', { name: /Message to/ })).toBeVisible();
});

test('a report reaches the administrators, who settle it', async ({ enter }) => {
  const [vera, bruno, olga] = [await enter('vera'), await enter('bruno'), await enter('olga')];
  const deal = await jointDeal(vera, bruno);
  const main = deal.rooms.find((one) => one.kind === 'main')!.id;
  await say(bruno, main, 'This is rude indeed');
  await vera.goto(`/deals/${deal.id}`);
  const message = log(vera, 'Room').getByRole('article').first();
  await message.focus();
  await message.press('f');
  await vera.getByRole('textbox', { name: 'What is wrong with it?' }).fill('No way to talk');
  await vera.getByRole('button', { name: 'Report', exact: true }).click();
  await expect(vera.getByText('Reported to the administrators.')).toBeVisible();
  await olga.goto('/reports');
  const report = olga.getByRole('listitem').filter({ hasText: 'This is rude indeed' });
  await expect(report.getByText('No way to talk')).toBeVisible();
  await shot(olga, 'reports');
  await report.getByRole('button', { name: 'Settle' }).click();
  await expect(report).toHaveCount(0);
});

for (const phone of [false, true]) {
  test(`messages and reports are free of faults in the dark (${phone ? 'phone' : 'desktop'})`, async ({ enter }) => {
    const options = {
      colorScheme: 'dark' as const,
      reducedMotion: 'reduce' as const,
      ...(phone ? { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true } : {}),
    };
    const [olga, bruno] = [await enter('olga', options), await enter('bruno')];
    const deal = await jointDeal(olga, bruno);
    const main = deal.rooms.find((one) => one.kind === 'main')!.id;
    await say(bruno, main, 'A word in the deal');
    const events = await ask<{ items: { seq: number; author: string; organisation: string; kind: string }[] }>(
      olga,
      'GET',
      `/rooms/${main}/events`,
    );
    const said = events.items.find((one) => one.kind === 'msg')!;
    await ask(olga, 'POST', `/rooms/${main}/reports`, { target: said.seq, reason: 'Too loud' });
    const { room } = await ask<{ room: string }>(olga, 'POST', '/directs', {
      person: said.author,
      organisation: said.organisation,
    });
    await say(bruno, room, 'Hello Olga');
    for (const place of ['/messages', `/messages/${room}`, '/reports']) {
      await olga.goto(place);
      await expect(olga.getByRole('heading', { level: 1 })).toBeVisible();
      await olga.waitForLoadState('networkidle');
      const { violations } = await new AxeBuilder({ page: olga }).withTags(['wcag2a', 'wcag2aa', 'wcag22aa']).analyze();
      expect(violations.map((one) => [place, one.id, one.nodes.map((node) => node.target.join(' '))])).toEqual([]);
      const width = await olga.evaluate(() => document.documentElement.scrollWidth);
      expect(width).toBeLessThanOrEqual(olga.viewportSize()?.width ?? 0);
      await shot(olga, `dark-${phone ? 'phone' : 'desktop'}-${place.split('/')[1]}${place.includes('room_') ? '-open' : ''}`);
    }
  });
}
