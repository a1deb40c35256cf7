import { acmeAnswer, acmeDispatch, acmeInvoice, unusedControl as control } from './papers';
import { expect, test } from './stage';

test('an order goes to a seller who is not here, and its answer, goods and invoice come back by EDI', async ({
  enter,
}) => {
  const dora = await enter('dora@delmar.example');
  const number = `PO-${control()}`;
  await dora.goto('/orders');
  await dora.getByRole('link', { name: 'New order' }).click();
  await dora.getByLabel('Seller', { exact: true }).fill('Acme Supply');
  await dora.getByLabel('EDI id').fill('ZZ:ACMESUPPLY');
  await dora.getByLabel('Your number').fill(number);
  // Two rows of a spreadsheet, put into the first cell.
  await dora.getByLabel('Item, line 1').evaluate((cell) => {
    const data = new DataTransfer();
    data.setData('text/plain', 'A-1\tBracket\t3\tEA\t4.15\nA-2\tBolt\t10\tEA\t0.125\n');
    cell.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }));
  });
  await expect(dora.getByText('€13.70')).toBeVisible();
  await dora.getByLabel('Name').fill('Delmar, Hall 4');
  await dora.getByLabel('City').fill('Hamburg');
  await dora.getByRole('button', { name: 'Send the order' }).click();
  await expect(dora.getByRole('heading', { name: `Order ${number}`, level: 1 })).toBeVisible();
  await expect(dora.getByText('To Acme Supply, ordered')).toBeVisible();
  await expect(dora.getByRole('link', { name: /\(850\)/ }).first()).toBeVisible();
  const order = dora.url();

  const elena = await enter('elena@delmar.example');
  const come = async (paper: string, heading: string) => {
    await elena.goto('/edi');
    await elena
      .locator('input[type=file]')
      .setInputFiles({ name: 'paper.edi', mimeType: 'application/edi-x12', buffer: Buffer.from(paper) });
    await expect(elena.getByRole('heading', { name: heading, level: 1 })).toBeVisible();
  };
  await come(acmeAnswer(number, control()), 'Order answer (855)');
  await expect(dora.locator('main').getByText('Accepted with changes').first()).toBeVisible();
  await come(acmeDispatch(number, control()), 'Dispatch advice (856)');
  await expect(dora.locator('main').getByText('Partly shipped').first()).toBeVisible();
  await come(acmeInvoice(number, control()), 'Invoice (810)');
  await dora.goto(order);
  await dora.getByRole('link', { name: /^Invoice R-/ }).click();
  // Ordered, sent and invoiced are held against each other, line by line.
  await expect(dora.getByText('Acme Supply').first()).toBeVisible();
  await expect(dora.getByText('More than shipped').first()).toBeVisible();
  await expect(dora.getByRole('button', { name: 'Dispute' })).toBeVisible();
});
