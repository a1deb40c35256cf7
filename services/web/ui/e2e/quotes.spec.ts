import { ask, expect, jointDeal, test } from './stage';

test('a quote is sent, countered, revised and accepted, live in both companies', async ({ enter }) => {
  const [sam, ines] = [await enter('sam'), await enter('ines')];
  const deal = await jointDeal(await enter('vera'), await enter('bruno'));
  await ines.goto(`/deals/${deal.id}/ask`);
  await ines.getByLabel('Item, line 1').fill('GATE-48');
  await ines.getByLabel('Quantity, line 1').fill('3');
  await ines.getByRole('button', { name: 'Send the request' }).click();
  await expect(ines.getByRole('log').getByText(/Request for quote R-/)).toBeVisible();

  await sam.goto(`/deals/${deal.id}`);
  await sam.getByRole('link', { name: 'Quote it' }).click();
  await expect(sam.getByLabel('Item, line 1')).toHaveValue('GATE-48');
  // A row out of a spreadsheet, pasted under the first.
  await sam.getByRole('button', { name: 'Add a line' }).click();
  await sam.getByLabel('Item, line 2').evaluate((cell) => {
    const clipboardData = new DataTransfer();
    clipboardData.setData('text/plain', 'POST-12\tPost, 12 mm\t250\tEA\t12,50\t100\t2,5\n');
    cell.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }));
  });
  await expect(sam.getByLabel('Unit price, line 2')).toHaveValue('12,50');
  await sam.getByLabel('Unit price, line 1').fill('18,50');
  await sam.getByLabel('Unit price, line 1').press('Tab');
  // 3 × 18.50 and 250 × 12.1875 a hundred: 55.50 and 30.47.
  await expect(sam.locator('[data-total]')).toHaveText('€85.97');
  await sam.getByRole('button', { name: 'Save the draft' }).click();
  await expect(sam.getByText('Only your side sees this draft')).toBeVisible();
  const address = new URL(sam.url()).pathname;
  await ines.goto('/quotes');
  await expect(ines.getByRole('heading', { name: 'Quotes', level: 1 })).toBeVisible();
  expect((await ask<{ items: { deal?: { id: string } }[] }>(ines, 'GET', '/quotes')).items.filter((one) => one.deal?.id === deal.id)).toEqual([]);
  await sam.getByRole('button', { name: /^Send to/ }).click();
  await expect(sam.getByText(/has it, and may answer/)).toBeVisible();
  const saved = sam.waitForEvent('download');
  await sam.getByRole('link', { name: 'Download PDF' }).click();
  expect((await saved).suggestedFilename()).toMatch(/^Q-.*\.pdf$/);

  await ines.goto(`/deals/${deal.id}`);
  await ines.getByRole('log').getByRole('link', { name: /Quote Q-.*revision 1/ }).click();
  await expect(ines).toHaveURL(new RegExp(`${address}$`));
  await ines.getByText('Counter', { exact: true }).click();
  await ines.getByLabel('Wished price, line 1').fill('17,90');
  await ines.getByLabel('In words').fill('For the whole year');
  await ines.getByRole('button', { name: 'Send the counter-offer' }).click();
  await expect(sam.getByText('The buyer wishes:')).toBeVisible();
  await sam.getByRole('button', { name: 'Begin revision 2' }).click();
  await sam.getByLabel('Unit price, line 1').fill('17.95');
  await sam.getByRole('button', { name: /^Send to/ }).click();
  await expect(sam.getByRole('list', { name: 'What revision 2 changed' })).toContainText('18.50 17.95');

  await expect(ines.getByText('Revision 2', { exact: true })).toBeVisible();
  await ines.getByLabel('Your order number').fill(`PO-${deal.id.slice(-6)}`);
  await ines.getByRole('button', { name: 'Accept and order' }).click();
  await expect(sam.getByText(/has accepted; an order was made of it/)).toBeVisible();
  await sam.getByRole('link', { name: 'Open the order' }).click();
  await expect(sam.getByRole('heading', { name: `Order PO-${deal.id.slice(-6)}` })).toBeVisible();
  await expect(sam.getByText('Agrees with the quote')).toBeVisible();
});
