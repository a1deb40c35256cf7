import { expect, jointDeal, test } from './stage';

test('the palette goes anywhere and moves the open deal', async ({ enter }) => {
  const page = await enter('vera');
  const deal = await jointDeal(page);
  await page.goto('/accounts');
  await expect(page.getByRole('heading', { name: 'Accounts', level: 1 })).toBeVisible();
  await page.keyboard.press('Control+k');
  await page.getByRole('textbox', { name: 'Search or jump to…' }).fill(deal.title);
  await page.getByRole('button', { name: new RegExp(`^${deal.title}`) }).click();
  await expect(page.getByRole('heading', { name: deal.title })).toBeVisible();

  await page.keyboard.press('Control+k');
  await page.getByRole('textbox', { name: 'Search or jump to…' }).fill('move this deal to qual');
  const moved = page.waitForResponse((response) => response.url().endsWith('/stage'));
  await page.keyboard.press('Enter');
  // Called again while it still closes, it opens and stays.
  await page.keyboard.press('Control+k');
  await moved;
  await page.waitForTimeout(400);
  await page.getByRole('textbox', { name: 'Search or jump to…' }).fill('internal notes');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('textbox', { name: 'Internal note' })).toBeVisible();
  await expect(page.getByRole('button', { name: /^Stage: Qualified/ })).toBeVisible();
});

test('language and theme change from the palette and stay', async ({ enter }) => {
  const page = await enter('sam');
  await page.goto('/deals');
  const run = async (label: string, text: string) => {
    await page.keyboard.press('Control+k');
    await page.getByRole('dialog').getByRole('textbox', { name: label }).fill(text);
    await page.keyboard.press('Enter');
  };
  await expect(page.getByRole('heading', { name: 'Deals', level: 1 })).toBeVisible();
  await run('Search or jump to…', 'Français');
  await expect(page.getByRole('heading', { name: 'Affaires', level: 1 })).toBeVisible();
  await expect(page.locator('html')).toHaveAttribute('lang', 'fr');
  await expect(page.getByRole('dialog')).toHaveCount(0);
  await run('Chercher ou aller à…', 'sombre');
  await expect(page.locator('html')).toHaveAttribute('data-mantine-color-scheme', 'dark');
  await page.reload();
  await expect(page.getByRole('heading', { name: 'Affaires', level: 1 })).toBeVisible();
  await expect(page.locator('html')).toHaveAttribute('data-mantine-color-scheme', 'dark');
  await run('Chercher ou aller à…', 'Español');
  await expect(page.getByRole('heading', { name: 'Oportunidades', level: 1 })).toBeVisible();
});

test('keys lead through the house', async ({ enter }) => {
  const page = await enter('vera');
  await page.goto('/deals');
  await expect(page.getByRole('heading', { name: 'Deals', level: 1 })).toBeVisible();
  await page.keyboard.press('?');
  await expect(page.getByRole('dialog').getByText('Lift or drop a card')).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('dialog')).toHaveCount(0);
  await page.keyboard.press('g');
  await page.keyboard.press('a');
  await expect(page.getByRole('heading', { name: 'Accounts', level: 1 })).toBeVisible();
  await expect(page.getByRole('row').nth(2)).toBeVisible();
  await page.keyboard.press('j');
  await page.keyboard.press('j');
  await expect(page.locator('[data-row="1"] button')).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('complementary')).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('complementary')).toHaveCount(0);
});
