import type { Page } from '@playwright/test';
import { ask, expect, jointDeal, test } from './stage';

const log = (page: Page) => page.getByRole('log', { name: 'Room' });
const field = (page: Page) => page.getByRole('textbox', { name: /Message to/ });

test('a draft goes on on another device, and nobody else finds it', async ({ enter }) => {
  const [laptop, phone] = [await enter('vera'), await enter('vera')];
  const [sam, bruno] = [await enter('sam'), await enter('bruno')];
  const deal = await jointDeal(laptop, bruno);
  const room = deal.rooms.find((one) => one.kind === 'main')!.id;
  for (const page of [laptop, phone]) await page.goto(`/deals/${deal.id}`);
  await field(laptop).pressSequentially('Half a thought');
  await expect(field(phone)).toHaveValue('Half a thought');
  await field(phone).press('End');
  await field(phone).pressSequentially(', and the rest');
  await expect(field(laptop)).toHaveValue('Half a thought, and the rest');
  for (const page of [sam, bruno]) {
    await page.goto(`/deals/${deal.id}`);
    await expect(field(page)).toHaveValue('');
  }
  await field(laptop).press('Enter');
  await expect(log(bruno).getByText('Half a thought, and the rest')).toBeVisible();
  await expect(field(phone)).toHaveValue('');
  await expect.poll(() => ask<{ draft: string | null }>(phone, 'GET', `/rooms/${room}/own`)).toMatchObject({
    draft: null,
  });
});

test('a room that is quieted tells only of mentions, or of nothing', async ({ enter }) => {
  const [vera, bruno] = [await enter('vera'), await enter('bruno')];
  const deal = await jointDeal(vera, bruno);
  await bruno.goto(`/deals/${deal.id}`);
  await bruno.getByRole('button', { name: 'Notices: All messages' }).click();
  await bruno.getByRole('menuitemradio', { name: 'Only mentions' }).click();
  await expect(bruno.getByRole('button', { name: 'Notices: Only mentions' })).toBeVisible();
  await bruno.reload();
  await expect(bruno.getByRole('button', { name: 'Notices: Only mentions' })).toBeVisible();
  await bruno.goto('/inbox');
  await vera.goto(`/deals/${deal.id}`);
  await field(vera).fill('Nothing urgent');
  await field(vera).press('Enter');
  await expect(vera.getByText('Sending…')).toHaveCount(0);
  await field(vera).pressSequentially('@all');
  await expect(vera.getByRole('option', { name: /^all/ })).toBeVisible();
  await field(vera).press('Enter');
  await field(vera).pressSequentially('this is');
  await field(vera).press('Enter');
  await expect(bruno.getByRole('button', { name: `Vera Lindqvist mentioned you in “${deal.title}”` })).toBeVisible();
  await expect(bruno.getByRole('button', { name: `Vera Lindqvist wrote in “${deal.title}”` })).toHaveCount(0);
  await bruno.goto(`/deals/${deal.id}`);
  await field(bruno).pressSequentially('/notices noth');
  await field(bruno).press('Enter');
  await expect(bruno.getByRole('button', { name: 'Notices: Nothing' })).toBeVisible();
});

test('a message shows who has read it, live', async ({ enter }) => {
  const [vera, bruno] = [await enter('vera'), await enter('bruno')];
  const deal = await jointDeal(vera, bruno);
  for (const page of [vera, bruno]) await page.goto(`/deals/${deal.id}`);
  await field(bruno).fill('Good morning');
  await field(bruno).press('Enter');
  await expect(log(vera).getByText('Good morning')).toBeVisible();
  await bruno.goto('/inbox');
  await field(vera).fill('Did you see this?');
  await field(vera).press('Enter');
  const said = log(vera).getByRole('article').filter({ hasText: 'Did you see this?' });
  await expect(said).toHaveAttribute('data-seq', /\d+/);
  await expect(said.getByRole('img', { name: /Read by/ })).toHaveCount(0);
  await bruno.goto(`/deals/${deal.id}`);
  await expect(said.getByRole('img', { name: 'Read by Bruno Marchand' })).toBeVisible();
  await vera.reload();
  await expect(said.getByRole('img', { name: 'Read by Bruno Marchand' })).toBeVisible();
});
