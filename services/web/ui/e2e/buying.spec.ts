import { acmeAnswer, acmeDispatch, acmeInvoice, acmeOffer, unusedControl as control } from './papers';
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

test('a seller who is not here is asked for a quote, offers twice, and is given the order', async ({ enter }) => {
  const dora = await enter('dora@delmar.example');
  const number = `RFQ-${control()}`;
  await dora.goto('/quotes');
  await dora.getByRole('link', { name: 'Ask for a quote' }).click();
  await dora.getByLabel('Seller', { exact: true }).fill('Acme Supply');
  await dora.getByLabel('EDI id').fill('ZZ:ACMESUPPLY');
  await dora.getByLabel('Your number').fill(number);
  await dora.getByLabel('Item, line 1').evaluate((cell) => {
    const data = new DataTransfer();
    data.setData('text/plain', 'A-1\tBracket\t3\tEA\t4\nA-2\tBolt\t10\tEA\n');
    cell.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }));
  });
  await dora.getByRole('button', { name: 'Send the request' }).click();
  await expect(dora.getByRole('heading', { name: `Request for quote ${number}`, level: 1 })).toBeVisible();
  await expect(dora.getByRole('link', { name: /\(840\)/ }).first()).toBeVisible();
  const request = dora.url();
  await dora.goto('/quotes');
  await expect(dora.getByRole('link', { name: `Request ${number} to Acme Supply` })).toBeVisible();

  const elena = await enter('elena@delmar.example');
  const come = async (paper: string) => {
    await elena.goto('/edi');
    await elena
      .locator('input[type=file]')
      .setInputFiles({ name: 'paper.edi', mimeType: 'application/edi-x12', buffer: Buffer.from(paper) });
    await expect(elena.getByRole('heading', { name: 'Quote (843)', level: 1 })).toBeVisible();
  };
  await come(acmeOffer(number, control(), '4.2'));
  await dora.goto(request);
  // What is offered stands beside what was asked for, line by line.
  const table = dora.getByRole('group', { name: 'What is offered beside what was asked for' });
  await expect(table.getByText('asked: 3 EA')).toBeVisible();
  await expect(table.getByText('asked: 4.00')).toBeVisible();
  await expect(dora.getByText('1 line is not as asked')).toBeVisible();
  await come(acmeOffer(number, control(), '4'));
  await expect(dora.getByText(/Revision 2/).first()).toBeVisible();
  await expect(table.getByText('asked: 4.00')).toHaveCount(0);
  await dora.getByLabel('Your order number').fill(number.replace('RFQ', 'PO'));
  await dora.getByRole('button', { name: 'Accept and order' }).click();
  await expect(dora.getByText('Accepted').first()).toBeVisible();
  await dora.getByRole('link', { name: `Quote Q-${number}` }).click();
  await dora.getByRole('link', { name: 'Open the order' }).click();
  await expect(dora.getByRole('link', { name: /\(850\)/ }).first()).toBeVisible();
});
