import { readFileSync } from 'node:fs';
import { expect, jointDeal, test } from './stage';

test('a seller takes a deal out as a file', async ({ enter }) => {
  const olga = await enter('olga');
  const deal = await jointDeal(olga);
  await olga.goto(`/deals/${deal.id}`);
  await olga.getByRole('button', { name: 'More about this deal' }).click();
  await olga.getByRole('menuitem', { name: 'Take out as a file…' }).click();
  const dialog = olga.getByRole('dialog');
  await expect(dialog.getByText('None has been made yet.')).toBeVisible();
  await dialog.getByRole('button', { name: 'Make a file' }).click();
  await expect(dialog.getByText('Ready', { exact: true })).toBeVisible();
  const download = olga.waitForEvent('download');
  await dialog.getByRole('link', { name: 'Download' }).click();
  const file = await download;
  expect(file.suggestedFilename()).toBe(`${deal.id}.zip`);
  expect(readFileSync(await file.path()).subarray(0, 2).toString()).toBe('PK');
});

test('a party without the right has no such menu', async ({ enter }) => {
  const [olga, bruno] = [await enter('olga'), await enter('bruno')];
  const deal = await jointDeal(olga, bruno);
  await bruno.goto(`/deals/${deal.id}`);
  await expect(bruno.getByRole('log', { name: 'Room' })).toBeVisible();
  await expect(bruno.getByRole('button', { name: 'More about this deal' })).toHaveCount(0);
});
