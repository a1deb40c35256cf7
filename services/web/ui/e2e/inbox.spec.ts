import { purchaseOrder, unusedControl as control } from './papers';
import { expect, test } from './stage';

test('the inbox is narrowed by chips, kept under a name, and opens with it', async ({ enter }) => {
  const [olga, elena, sam] = [await enter('olga'), await enter('elena@delmar.example'), await enter('sam')];
  const number = `NB-${control()}`;
  await elena.goto('/edi');
  await elena.locator('input[type=file]').setInputFiles({
    name: 'order.edi',
    mimeType: 'application/edi-x12',
    buffer: Buffer.from(purchaseOrder(number, control())),
  });
  await expect(elena.getByRole('heading', { name: 'Purchase order (850)', level: 1 })).toBeVisible();

  // By its number, from the keyboard: the order and what answers it.
  await olga.goto('/edi');
  await expect(olga.getByRole('heading', { name: 'EDI', level: 1 })).toBeVisible();
  const bar = olga.getByRole('search', { name: 'Narrow the list' });
  await expect(olga.getByRole('row').nth(3)).toBeVisible();
  await olga.keyboard.press('f');
  await olga.keyboard.type(number);
  await expect(olga).toHaveURL(new RegExp(`number=${number}`));
  await expect(olga.getByRole('row')).toHaveCount(3);
  await bar.getByRole('button', { name: 'Document' }).click();
  await olga.getByRole('menuitemradio', { name: 'Purchase order (850)' }).click();
  await expect(olga.getByRole('row')).toHaveCount(2);
  await bar.getByRole('button', { name: 'Clear' }).click();
  await expect(olga.getByRole('row').nth(3)).toBeVisible();

  // Partner, document and days, saved for everybody; the address alone leads there again.
  await bar.getByRole('button', { name: 'Partner' }).click();
  await olga.getByRole('menuitemradio', { name: 'ZZ:DELMAR' }).click();
  await bar.getByRole('button', { name: 'Document' }).click();
  await olga.getByRole('menuitemradio', { name: 'Purchase order (850)' }).click();
  await bar.getByRole('button', { name: 'When' }).click();
  await olga.getByRole('button', { name: 'Last 7 days' }).click();
  await expect(olga).toHaveURL(/days=7/);
  await olga.getByRole('button', { name: 'Views' }).click();
  await olga.getByRole('menuitem', { name: 'Save this view' }).click();
  const dialog = olga.getByRole('dialog');
  await dialog.getByLabel('Name').fill('Orders of Delmar');
  await dialog.getByLabel('For everybody in the organisation').check();
  await dialog.getByLabel('Open everybody’s list with it').check();
  await dialog.getByRole('button', { name: 'Save' }).click();
  await expect(bar.getByRole('button', { name: 'Orders of Delmar' })).toBeVisible();

  await sam.goto('/edi');
  const his = sam.getByRole('search', { name: 'Narrow the list' });
  await expect(his.getByRole('button', { name: 'Orders of Delmar' })).toBeVisible();
  await expect(sam).toHaveURL(/partner=ZZ/);
  // Without the view, the list is whole, and stays so.
  await his.getByRole('button', { name: 'Clear' }).click();
  await expect(his.getByRole('button', { name: 'Views' })).toBeVisible();
  await expect(sam).not.toHaveURL(/partner=ZZ/);
  // What is for everybody is taken away by who handles EDI alone.
  await his.getByRole('button', { name: 'Views' }).click();
  await expect(sam.getByRole('menuitem', { name: 'Orders of Delmar, for everybody' })).toBeVisible();
  await expect(sam.getByRole('button', { name: 'Take “Orders of Delmar” away' })).toBeHidden();

  // Nothing fits: one is told, and how to go on.
  await olga.goto('/edi?kind=997&way=sftp&partner=ZZ%3ADELMAR');
  await expect(olga.getByText('Nothing fits')).toBeVisible();
  await olga.keyboard.press('x');
  await expect(olga.getByRole('row').nth(3)).toBeVisible();
  await bar.getByRole('button', { name: 'Views' }).click();
  await olga.getByRole('button', { name: 'Take “Orders of Delmar” away' }).click();
  await expect(olga.getByText('“Orders of Delmar” is gone')).toBeVisible();
});
