import type { WebSocketRoute } from '@playwright/test';
import { ask, card, expect, jointDeal, lane, test } from './stage';

test('a message and a stage move arrive in the other company without reload', async ({ enter }) => {
  const [vera, bruno] = [await enter('vera'), await enter('bruno')];
  const deal = await jointDeal(vera, bruno);
  await bruno.goto('/deals');
  await expect(card(bruno, deal.id)).toBeVisible();
  await vera.goto(`/deals/${deal.id}`);
  await vera.getByRole('textbox', { name: /Message to/ }).fill('Shall we start on Monday?');
  await vera.keyboard.press('Enter');
  await expect(vera.getByRole('log').getByText('Shall we start on Monday?')).toHaveCount(1);

  await card(bruno, deal.id).click();
  await expect(bruno.getByRole('log').getByText('Shall we start on Monday?')).toBeVisible();
  await bruno.getByRole('textbox', { name: /Message to/ }).pressSequentially('Monday it is');
  await expect(vera.getByText(/Bruno .* is writing/)).toBeVisible();
  await bruno.keyboard.press('Enter');
  await expect(vera.getByRole('log').getByText('Monday it is')).toBeVisible();

  await vera.getByRole('button', { name: /^Stage:/ }).click();
  await vera.getByRole('menuitem', { name: 'Qualified' }).click();
  await expect(bruno.getByRole('log').getByText(/moved the deal from Identified to Qualified/)).toBeVisible();
  await expect(bruno.locator('header').getByText('Qualified')).toBeVisible();
  await bruno.goto('/deals');
  await expect(lane(bruno, 'qualified').locator(`[data-card="${deal.id}"]`)).toBeVisible();
  await ask(vera, 'POST', `/deals/${deal.id}/stage`, {
    stage: 'technical_ok',
    revision: (await ask<{ revision: number }>(vera, 'GET', `/deals/${deal.id}`)).revision,
  });
  await expect(lane(bruno, 'technical_ok').locator(`[data-card="${deal.id}"]`)).toBeVisible();
});

test('internal notes stay inside', async ({ enter }) => {
  const [vera, sam, bruno] = [await enter('vera'), await enter('sam'), await enter('bruno')];
  const deal = await jointDeal(vera, bruno);
  for (const page of [vera, sam, bruno]) await page.goto(`/deals/${deal.id}`);
  const frames: string[] = [];
  bruno.on('websocket', (wire) => wire.on('framereceived', (frame) => frames.push(String(frame.payload))));
  await bruno.reload();
  for (const page of [vera, sam, bruno]) await page.getByRole('button', { name: 'Internal notes' }).click();
  await vera.getByRole('textbox', { name: 'Internal note' }).fill('Not under 14 percent');
  await vera.keyboard.press('Enter');
  await expect(sam.getByRole('log').getByText('Not under 14 percent')).toBeVisible();
  await vera.getByRole('button', { name: /^Room/ }).click();
  await vera.getByRole('textbox', { name: /Message to/ }).fill('Hello all');
  await vera.keyboard.press('Enter');
  await bruno.getByRole('button', { name: /^Room/ }).click();
  await expect(bruno.getByRole('log').getByText('Hello all')).toBeVisible();
  await expect(bruno.getByText('Not under 14 percent')).toHaveCount(0);
  expect(frames.filter((frame) => frame.includes('14 percent'))).toEqual([]);
});

test('a message written while the line is cut is sent once when it is back', async ({ enter }) => {
  const [vera, bruno] = [await enter('vera'), await enter('bruno')];
  const deal = await jointDeal(vera, bruno);
  let cut = false;
  const wires: WebSocketRoute[] = [];
  await vera.routeWebSocket(/\/api\/v1\/socket/, (wire) => {
    if (cut) return void wire.close({ code: 4500 });
    wire.connectToServer();
    wires.push(wire);
  });
  await vera.goto(`/deals/${deal.id}`);
  await bruno.goto(`/deals/${deal.id}`);
  await expect(vera.getByRole('textbox', { name: /Message to/ })).toBeVisible();
  await expect.poll(() => wires.length).toBeGreaterThan(0);

  cut = true;
  await wires.at(-1)!.close({ code: 4500 });
  await expect(vera.getByText('Reconnecting…')).toBeVisible();
  await vera.getByRole('textbox', { name: /Message to/ }).fill('Written in a tunnel');
  await vera.keyboard.press('Enter');
  await expect(vera.getByText('Sending…')).toBeVisible();
  await bruno.getByRole('textbox', { name: /Message to/ }).fill('Meanwhile, outside');
  await bruno.keyboard.press('Enter');
  await expect(bruno.getByRole('log').getByText('Meanwhile, outside')).toBeVisible();
  cut = false;
  await expect(bruno.getByRole('log').getByText('Written in a tunnel')).toHaveCount(1);
  await expect(vera.getByRole('log').getByText('Meanwhile, outside')).toHaveCount(1);
  await expect(vera.getByRole('log').getByText('Written in a tunnel')).toHaveCount(1);
  await expect(vera.getByText('Sending…')).toHaveCount(0);
});

test('a message written while the line is cut survives a reload and is sent once', async ({ enter }) => {
  const [vera, bruno] = [await enter('vera'), await enter('bruno')];
  const deal = await jointDeal(vera, bruno);
  let cut = true;
  await vera.routeWebSocket(/\/api\/v1\/socket/, (wire) => {
    if (cut) return void wire.close({ code: 4500 });
    wire.connectToServer();
  });
  await vera.goto(`/deals/${deal.id}`);
  await bruno.goto(`/deals/${deal.id}`);
  await vera.getByRole('textbox', { name: /Message to/ }).fill('Kept through the night');
  await vera.keyboard.press('Enter');
  await vera.getByRole('textbox', { name: /Message to/ }).fill('A draft, not sent');
  await expect(vera.getByText('Sending…')).toBeVisible();
  await vera.reload();
  await expect(vera.getByRole('log').getByText('Kept through the night')).toHaveCount(1);
  await expect(vera.getByText('Sending…')).toBeVisible();
  await expect(vera.getByRole('textbox', { name: /Message to/ })).toHaveValue('A draft, not sent');
  cut = false;
  await expect(bruno.getByRole('log').getByText('Kept through the night')).toHaveCount(1);
  await expect(vera.getByText('Sending…')).toHaveCount(0);
  await expect(vera.getByRole('log').getByText('Kept through the night')).toHaveCount(1);
});

test('a party that is removed loses the deal at once, with a plain sentence', async ({
  enter,
  complaints,
}) => {
  complaints.expected.push(/404/);
  const [vera, bruno] = [await enter('vera'), await enter('bruno')];
  const deal = await jointDeal(vera, bruno);
  await bruno.goto(`/deals/${deal.id}`);
  await expect(bruno.getByRole('textbox', { name: /Message to/ })).toBeVisible();
  await vera.goto(`/deals/${deal.id}`);
  await vera.getByRole('button', { name: 'More for Atelier Data' }).click();
  await vera.getByRole('menuitem', { name: 'Remove from the deal' }).click();
  await vera.getByRole('button', { name: 'Remove from the deal' }).click();
  await expect(bruno.getByRole('heading', { name: 'This deal is closed to you' })).toBeVisible();
  await expect(bruno.getByText(deal.title)).toHaveCount(0);
});
