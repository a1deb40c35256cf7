import { purchaseOrder, unusedControl as control } from './papers';
import { expect, test } from './stage';

test('an order by EDI is answered, sent in two parts, invoiced, approved and closed', async ({ enter }) => {
  const [olga, elena] = [await enter('olga'), await enter('elena@delmar.example')];
  const dora = await enter('dora@delmar.example');
  const number = `DF-${control()}`;
  await elena.goto('/edi');
  await elena.locator('input[type=file]').setInputFiles({
    name: 'order.edi',
    mimeType: 'application/edi-x12',
    buffer: Buffer.from(purchaseOrder(number, control())),
  });
  await expect(elena.getByRole('heading', { name: 'Purchase order (850)', level: 1 })).toBeVisible();

  await olga.goto('/orders');
  await olga.getByRole('row').getByRole('button', { name: number }).click();
  await olga.getByRole('button', { name: 'Answer the order' }).click();
  await olga.getByRole('button', { name: 'Send the answer' }).click();
  const overview = olga.getByRole('group', { name: 'How far it is' });
  await expect(overview).toBeVisible();
  const order = olga.url();
  await elena.goto(order);
  await expect(elena.getByRole('button', { name: 'Ship', exact: true })).toBeHidden();

  // A part goes first, in a package with a code.
  await olga.getByRole('button', { name: 'Ship', exact: true }).click();
  await olga.getByLabel('Carrier').fill('DHL Freight');
  await olga.getByLabel('Tracking number').fill('JD014600003');
  await olga.getByRole('button', { name: 'Add a package' }).click();
  await olga.getByLabel('SSCC of package 1').fill('(00) 3 7610425 002123456 9');
  const quantity = olga.getByLabel('To ship now of line 1');
  const open = Number(await quantity.inputValue());
  expect(open).toBeGreaterThan(1);
  await quantity.fill('1');
  await olga.getByRole('button', { name: 'Send the dispatch advice' }).click();
  await expect(olga.locator('main').getByText('Partly shipped').first()).toBeVisible();
  await expect(elena.locator('main').getByText('Partly shipped').first()).toBeVisible();
  await elena.getByRole('link', { name: /^Shipment S-/ }).click();
  await expect(elena.getByText('376104250021234569')).toBeVisible();
  const sheet = await elena.request.get((await elena.getByRole('link', { name: 'Download PDF' }).getAttribute('href'))!);
  expect([sheet.status(), sheet.headers()['content-type']]).toEqual([200, 'application/pdf']);
  await expect(elena.getByText('JD014600003')).toBeVisible();

  await olga.getByRole('button', { name: 'Ship', exact: true }).click();
  await expect(olga.getByLabel('To ship now of line 1')).toHaveValue(String(open - 1));
  await olga.getByRole('button', { name: 'Send the dispatch advice' }).click();
  await expect(olga.locator('main').getByText('Shipped', { exact: true }).first()).toBeVisible();
  await expect(olga.getByRole('link', { name: /\(856\)/ }).first()).toBeVisible();

  // Enter walks down the grid; one rate is for all lines.
  await olga.getByRole('button', { name: 'Write an invoice' }).click();
  await expect(olga.getByLabel('Quantity, line 1')).toHaveValue(String(open));
  await olga.getByLabel('Tax on all lines, %').fill('19');
  await expect(olga.getByLabel('Tax, %, line 1')).toHaveValue('19');
  await olga.getByRole('button', { name: 'Write the invoice' }).click();
  const link = olga.getByRole('link', { name: /^Invoice \d{4}-\d{5}$/ });
  await expect(link).toBeVisible();
  await expect(olga.locator('main').getByText('Invoiced', { exact: true }).first()).toBeVisible();
  await link.click();
  await expect(olga.getByText(/^VAT 19 % of/)).toBeVisible();
  const invoice = olga.url();

  await dora.goto(invoice);
  await expect(dora.getByText('Agrees with order and shipments')).toBeVisible();
  const bill = await dora.request.get((await dora.getByRole('link', { name: 'Download PDF' }).getAttribute('href'))!);
  expect([bill.status(), bill.headers()['content-type']]).toEqual([200, 'application/pdf']);
  await expect(dora.getByRole('button', { name: 'Take it back' })).toBeHidden();
  await dora.getByRole('button', { name: 'Dispute' }).click();
  await dora.getByLabel('Why').fill('One was broken');
  await dora.getByRole('button', { name: 'Dispute' }).click();
  await expect(olga.getByText('One was broken')).toBeVisible();
  await dora.getByRole('button', { name: 'Approve' }).click();
  await expect(dora.locator('main').getByText('Approved', { exact: true })).toBeVisible();
  await olga.goto(order);
  await expect(olga.locator('main').getByText('Closed', { exact: true })).toBeVisible();
  await expect(olga.getByRole('button', { name: 'Ship', exact: true })).toBeHidden();
  await dora.goto('/invoices?side=buyer');
  await expect(dora.getByRole('row').filter({ hasText: number })).toBeVisible();
});

test('a wrong invoice is taken back by one of its own', async ({ enter }) => {
  const [olga, elena] = [await enter('olga'), await enter('elena@delmar.example')];
  const number = `DF-${control()}`;
  await elena.goto('/edi');
  await elena.locator('input[type=file]').setInputFiles({
    name: 'order.edi',
    mimeType: 'application/edi-x12',
    buffer: Buffer.from(purchaseOrder(number, control())),
  });
  await expect(elena.getByRole('heading', { name: 'Purchase order (850)', level: 1 })).toBeVisible();
  await olga.goto('/orders');
  await olga.getByRole('row').getByRole('button', { name: number }).click();
  await olga.getByRole('button', { name: 'Answer the order' }).click();
  await olga.getByRole('button', { name: 'Send the answer' }).click();
  await olga.getByRole('button', { name: 'Write an invoice' }).click();
  await olga.getByLabel('Unit price, line 1').fill('999');
  await olga.getByRole('button', { name: 'Write the invoice' }).click();
  await olga.getByRole('link', { name: /^Invoice \d{4}-\d{5}$/ }).click();
  await elena.goto(olga.url());
  const differences = elena.getByRole('group', { name: 'Compared with order and shipments' });
  await expect(differences.getByRole('row').filter({ hasText: 'Unit price' })).toContainText('999');
  await olga.getByRole('button', { name: 'Take it back' }).click();
  await olga.getByLabel('Why').fill('Wrong price');
  await olga.getByRole('button', { name: 'Take it back' }).click();
  await expect(elena.getByText('Wrong price')).toBeVisible();
  await elena.getByRole('link', { name: 'Cancellation' }).click();
  await expect(elena.getByRole('heading', { name: /^Cancellation \d{4}-/ })).toBeVisible();
});

test('a part of an invoice is credited, and its buyer reads why', async ({ enter }) => {
  const [olga, elena] = [await enter('olga'), await enter('elena@delmar.example')];
  const number = `DF-${control()}`;
  await elena.goto('/edi');
  await elena.locator('input[type=file]').setInputFiles({
    name: 'order.edi',
    mimeType: 'application/edi-x12',
    buffer: Buffer.from(purchaseOrder(number, control())),
  });
  await expect(elena.getByRole('heading', { name: 'Purchase order (850)', level: 1 })).toBeVisible();
  await olga.goto('/orders');
  await olga.getByRole('row').getByRole('button', { name: number }).click();
  await olga.getByRole('button', { name: 'Answer the order' }).click();
  await olga.getByRole('button', { name: 'Send the answer' }).click();
  const order = olga.url();
  await olga.getByRole('button', { name: 'Write an invoice' }).click();
  await olga.getByLabel('Tax on all lines, %').fill('19');
  await olga.getByRole('button', { name: 'Write the invoice' }).click();
  await olga.getByRole('link', { name: /^Invoice \d{4}-\d{5}$/ }).click();
  await expect(olga.getByRole('button', { name: 'Take it back' })).toBeVisible();
  await elena.goto(olga.url());
  await expect(elena.getByRole('button', { name: 'Credit a part' })).toBeHidden();

  await olga.getByRole('button', { name: 'Credit a part' }).click();
  await olga.getByLabel('Why').fill('One came broken');
  await olga.getByLabel('Quantity to credit, line 1').fill('9999');
  await expect(olga.getByText('Less is left to credit of line 1')).toBeVisible();
  await expect(olga.getByRole('button', { name: 'Write the credit note' })).toBeDisabled();
  await olga.getByLabel('Quantity to credit, line 1').fill('1');
  await olga.getByRole('button', { name: 'Add an amount' }).click();
  await olga.getByLabel('Amount', { exact: true }).fill('0.50');
  await olga.getByLabel('What for').fill('Freight of the return');
  await olga.getByRole('button', { name: 'Write the credit note' }).click();
  await expect(olga.getByRole('button', { name: 'Take it back' })).toBeHidden();

  await elena.getByRole('link', { name: /^Credit note \d{4}-\d{5}$/ }).click();
  await expect(elena.getByRole('heading', { name: /^Credit note \d{4}-/ })).toBeVisible();
  await expect(elena.getByText('One came broken')).toBeVisible();
  await expect(elena.getByText('Freight of the return')).toBeVisible();
  await elena.goto(order);
  const overview = elena.getByRole('group', { name: 'How far it is' });
  await expect(overview.getByRole('columnheader', { name: 'Credited' })).toBeVisible();
  await expect(elena.getByText(/^Invoiced .+, of which .+ was credited$/)).toBeVisible();
});
