import { expect, test } from './stage';

test('a partner is put into a tier, which has a list of its own', async ({ enter }) => {
  const olga = await enter('olga');
  await olga.goto('/products?view=prices');
  await olga.getByLabel('Which prices').selectOption('buyer');
  await olga.getByLabel('Tier', { exact: true }).fill('Gold');
  await olga.getByRole('button', { name: 'Save' }).click();
  await expect(olga.getByText('The tier is saved')).toBeVisible();
  await expect(olga.getByRole('button', { name: 'Save' })).toBeDisabled();

  await olga.goto('/products?view=lists');
  await olga.getByRole('button', { name: 'New price list' }).click();
  const form = olga.getByRole('dialog');
  await form.getByLabel('Name', { exact: true }).fill('Gold 2026');
  await form.getByLabel('For', { exact: true }).selectOption('tier');
  await expect(form.getByRole('button', { name: 'Save' })).toBeDisabled();
  await form.getByLabel('Tier', { exact: true }).fill('Gold');
  await form.getByRole('button', { name: 'Save' }).click();
  await expect(olga.getByRole('row').filter({ hasText: 'Gold 2026' })).toContainText('Tier Gold');
});
