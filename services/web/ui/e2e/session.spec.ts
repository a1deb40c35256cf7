import { CAST, expect, test } from './stage';

test('a person signs in, in her language, and out again', async ({ browser, baseURL, complaints }) => {
  const page = await browser.newPage({ baseURL, locale: 'fr-FR' });
  complaints.listen(page);
  complaints.expected.push(/401/);
  await page.goto('/deals?q=lindqvist');
  await expect(page.getByRole('heading', { name: 'Se connecter' })).toBeVisible();
  await page.getByText('English', { exact: true }).click();
  await expect(page.locator('html')).toHaveAttribute('lang', 'en');

  await page.getByLabel('E-mail').fill(CAST.vera);
  await page.getByLabel('Password', { exact: true }).fill('not-her-password');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await expect(page.getByRole('alert')).toContainText('do not match');
  await page.getByLabel('Password', { exact: true }).fill('entente-demo');
  await page.getByRole('button', { name: 'Sign in' }).click();

  await expect(page).toHaveURL(/\/deals\?q=lindqvist/);
  await expect(page.getByRole('heading', { name: 'Deals', level: 1 })).toBeVisible();
  await page.getByRole('button', { name: /account menu/ }).click();
  await page.getByRole('menuitem', { name: 'Sign out' }).click();
  await expect(page.getByRole('heading', { name: 'Sign in' })).toBeVisible();
  await page.goto('/accounts');
  await expect(page.getByRole('heading', { name: 'Sign in' })).toBeVisible();
  await page.close();
});

test('an invitation that is gone says so', async ({ browser, baseURL, complaints }) => {
  const page = await browser.newPage({ baseURL, locale: 'en-GB' });
  complaints.listen(page);
  complaints.expected.push(/40[0-9]|422/);
  await page.goto('/join?token=no-such-token');
  await expect(page.getByRole('heading', { name: 'This invitation is no longer valid' })).toBeVisible();
  await page.close();
});
