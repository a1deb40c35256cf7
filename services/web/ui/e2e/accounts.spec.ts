import { ask, expect, partner, test, unique } from './stage';

test('an account is shared field by field, edited in place, and taken back', async ({
  enter,
  complaints,
}) => {
  complaints.expected.push(/404/); // the open panel of what was taken back
  const [vera, bruno] = [await enter('vera'), await enter('bruno')];
  const name = unique('Borealis');
  const { id } = await ask<{ id: string }>(vera, 'POST', '/accounts', {
    name,
    city: 'Malmö',
    country: 'SE',
    segment: 'Retail',
    discount_bp: 1250,
  });
  await partner(vera, 'Atelier');
  await vera.goto(`/accounts?open=${id}`);
  await vera.getByRole('button', { name: 'Edit City' }).click();
  await vera.getByRole('textbox', { name: 'City', exact: true }).fill('Lund');
  await vera.keyboard.press('Enter');
  await expect(vera.getByRole('button', { name: 'Edit City' })).toContainText('Lund');

  await vera.getByRole('button', { name: 'Share', exact: true }).click();
  const dialog = vera.getByRole('dialog');
  await dialog.getByLabel('Partner').selectOption({ label: 'Atelier Data' });
  await dialog.getByLabel('Segment').check();
  await dialog.getByLabel('Country').uncheck();
  await expect(dialog.getByLabel('Discount %')).not.toBeChecked();
  await dialog.getByRole('button', { name: /^Share \d fields/ }).click();
  await expect(vera.getByRole('button', { name: 'City is seen by: Atelier Data' })).toBeVisible();
  await expect(vera.getByRole('button', { name: 'Discount % is seen by: Only us' })).toBeVisible();

  await bruno.goto(`/accounts?view=shared&q=${encodeURIComponent(name)}`);
  await bruno.getByRole('button', { name }).click();
  await expect(bruno.getByText('This account belongs to Nordwind Systems.')).toBeVisible();
  await expect(bruno.getByRole('button', { name: /^City is seen by/ })).toBeVisible();
  await expect(bruno.getByText('Lund').first()).toBeVisible();
  await expect(
    bruno.getByRole('button', { name: /^(Discount %|Country|Notes|VAT number) is seen by/ }),
  ).toHaveCount(0);

  await vera.getByRole('button', { name: 'Stop sharing with Atelier Data' }).click();
  await expect(bruno.getByRole('row').getByRole('button', { name })).toHaveCount(0);
});

test('a list of accounts is imported after a try, and taken back', async ({ enter }) => {
  const page = await enter('vera');
  const mark = unique('Import').replace(/\W/g, '');
  const csv = `Company name,Website,City,Country\n${mark} One,${mark}1.example,Lyon,FR\n${mark} Two,${mark}2.example,Malmö,Sweden and more\n${mark} Three,${mark}3.example,Porto,PT\n`;
  await page.goto('/accounts/import');
  await page
    .locator('input[type=file]')
    .setInputFiles({ name: 'partners.csv', mimeType: 'text/csv', buffer: Buffer.from(csv) });
  await expect(page.getByRole('combobox', { name: 'Name' })).toHaveValue('Company name');
  await expect(page.getByRole('combobox', { name: 'Domain' })).toHaveValue('Website');
  await page.getByRole('button', { name: 'Try without writing' }).click();
  await expect(page.getByText('2 would be created')).toBeVisible();
  await expect(page.locator('[data-wrong]')).toContainText('Sweden and more');
  await page.getByRole('button', { name: 'Import 2 accounts' }).click();
  await expect(page.getByText('2 created')).toBeVisible();
  await page.getByRole('button', { name: 'Undo import' }).first().click();
  await expect(page.getByText('2 accounts taken back')).toBeVisible();
  await page.goto(`/accounts?q=${mark}`);
  await expect(page.getByRole('heading', { name: 'Nothing found' })).toBeVisible();
});
