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

test('two companies edit one account at once: other fields survive, one field asks', async ({
  enter,
  complaints,
}) => {
  complaints.expected.push(/409/);
  const [vera, bruno] = [await enter('vera'), await enter('bruno')];
  const { id } = await ask<{ id: string }>(vera, 'POST', '/accounts', {
    name: unique('Twofold'),
    city: 'Lyon',
    segment: 'Retail',
    notes: 'Ours alone',
  });
  const atelier = await partner(vera, 'Atelier');
  await ask(vera, 'POST', `/accounts/${id}/grants`, {
    organisation: atelier.id,
    fields: ['name', 'city', 'segment'],
    verbs: ['read', 'edit'],
  });
  await bruno.goto(`/accounts?view=shared&open=${id}`);
  await vera.goto(`/accounts?open=${id}`);
  const edit = async (page: typeof vera, field: string, text: string) => {
    await page.getByRole('button', { name: `Edit ${field}` }).click();
    await page.getByRole('textbox', { name: field, exact: true }).fill(text);
  };
  await expect(bruno.getByRole('button', { name: 'Edit Notes' })).toHaveCount(0);

  // Different fields at once: whoever is second sends on top of the first.
  await edit(vera, 'Segment', 'Industry');
  await edit(bruno, 'City', 'Nice');
  await vera.keyboard.press('Enter');
  await bruno.keyboard.press('Enter');
  for (const page of [vera, bruno]) {
    await expect(page.getByRole('button', { name: 'Edit Segment' })).toContainText('Industry');
    await expect(page.getByRole('button', { name: 'Edit City' })).toContainText('Nice');
  }

  // The same field: the second is told by whom, and decides.
  await edit(bruno, 'City', 'Metz');
  await edit(vera, 'City', 'Brest');
  await vera.keyboard.press('Enter');
  const asked = bruno.getByRole('alert').filter({ hasText: 'Vera' });
  await expect(asked).toContainText('Nordwind Systems changed this to “Brest” while you were writing.');
  await bruno.getByRole('textbox', { name: 'City', exact: true }).press('Enter');
  await expect(asked).toBeVisible();
  await expect(vera.getByRole('button', { name: 'Edit City' })).toContainText('Brest');
  await bruno.getByRole('button', { name: 'Keep mine' }).click();
  await expect(vera.getByRole('button', { name: 'Edit City' })).toContainText('Metz');

  // And where no hint came in time, the refused revision says so as well.
  await bruno.routeWebSocket(/socket/, (wire) => void wire.close({ code: 4500 }));
  await bruno.reload();
  await edit(bruno, 'City', 'Nancy');
  const newest = await ask<{ revision: number }>(vera, 'GET', `/accounts/${id}`);
  await vera.context().request.patch(`/api/v1/accounts/${id}`, {
    headers: { 'x-entente-client': 'web', 'if-match': `"${newest.revision}"` },
    data: { city: 'Dijon' },
  });
  await bruno.getByRole('textbox', { name: 'City', exact: true }).press('Enter');
  await expect(bruno.getByRole('alert').filter({ hasText: 'Dijon' })).toBeVisible();
  await bruno.getByRole('button', { name: 'Take theirs' }).click();
  await expect(bruno.getByRole('button', { name: 'Edit City' })).toContainText('Dijon');
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
