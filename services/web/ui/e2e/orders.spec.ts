import { purchaseOrder, unusedControl as control } from './papers';
import { expect, test } from './stage';

test('an order arrives while the list is open and is answered line by line', async ({ enter }) => {
  const [sam, elena] = [await enter('sam'), await enter('elena@delmar.example')];
  const number = `DF-${control()}`;
  await sam.goto('/orders');
  await expect(sam.getByRole('heading', { name: 'Orders', level: 1 })).toBeVisible();
  await elena.goto('/edi');
  await elena.locator('input[type=file]').setInputFiles({
    name: 'order.edi',
    mimeType: 'application/edi-x12',
    buffer: Buffer.from(purchaseOrder(number, control())),
  });
  await expect(elena.getByRole('heading', { name: 'Purchase order (850)', level: 1 })).toBeVisible();

  await sam.getByRole('row').getByRole('button', { name: number }).click();
  await expect(sam.getByRole('heading', { name: `Order ${number}` })).toBeVisible();
  await expect(sam.getByRole('link', { name: 'Acknowledgement (997)' })).toBeVisible();
  await sam.getByRole('button', { name: 'Answer the order' }).click();
  await sam.getByRole('radiogroup', { name: 'Answer to line 1' }).getByText('Change').click();
  await sam.getByLabel('Quantity').fill('20');
  await sam.getByLabel('Note').fill('Four follow in January');
  await sam.getByRole('button', { name: 'Send the answer' }).click();
  await expect(sam.getByText('Four follow in January')).toBeVisible();
  await elena.goto(sam.url());
  await expect(elena.getByText('Four follow in January')).toBeVisible();
  await expect(sam.getByText('Changed: 20 EA')).toBeVisible();
  await expect(sam.getByText('Accepted with changes').first()).toBeVisible();
  await sam.getByRole('link', { name: 'Order answer (855)' }).click();
  const segments = sam.getByRole('list', { name: 'Segments' });
  await expect(segments.getByText('BAK', { exact: true })).toBeVisible();

  // The document stands beside its bytes, and each shows where the other says the same.
  const paper = sam.getByRole('article', { name: 'As a document' });
  const price = paper.getByRole('button', { name: /^318\.50/ });
  const line = segments.locator('[data-segment]', { hasText: 'PO1*1*' });
  await price.hover();
  await expect(line.locator('[data-lit]')).toContainText(['318.5']);
  await price.click();
  await expect(line).toHaveAttribute('data-here');
  await expect(line.getByText('PO104')).toBeVisible();
});

test('a faulty interchange is kept and shows where its fault lies', async ({ enter }) => {
  const elena = await enter('elena@delmar.example');
  await elena.goto('/edi');
  await elena.locator('input[type=file]').setInputFiles({
    name: 'faulty.edi',
    mimeType: 'application/edi-x12',
    buffer: Buffer.from(purchaseOrder(`DF-${control()}`, control(), { miscounted: 5 })),
  });
  const faults = elena.getByRole('region', { name: /fault/ });
  await expect(faults).toBeVisible();
  await faults.getByRole('listitem').first().getByRole('button').click();
  await expect(elena.locator('[data-segment][data-here]')).toHaveAttribute('data-wrong');
});

test('a faulty order is mended by hand and applied, and its sender sees that', async ({ enter }) => {
  const [olga, elena] = [await enter('olga'), await enter('elena@delmar.example')];
  const number = `DF-${control()}`;
  await elena.goto('/edi');
  await elena.locator('input[type=file]').setInputFiles({
    name: 'faulty.edi',
    mimeType: 'application/edi-x12',
    buffer: Buffer.from(purchaseOrder(number, control(), { miscounted: 5 })),
  });
  await expect(elena.getByRole('region', { name: /fault/ })).toBeVisible();
  await expect(elena.getByRole('button', { name: 'Mend' })).toBeHidden();

  await olga.goto(elena.url());
  await olga.getByRole('button', { name: 'Mend' }).click();
  await olga.getByRole('region', { name: /fault/ }).getByRole('button', { name: /SE/ }).first().click();
  const trailer = olga.getByRole('textbox', { name: /SE$/ });
  await trailer.fill('SE*8*0001');
  const mending = olga.getByRole('form', { name: 'Mend' });
  await expect(mending.getByText(/SE/).first()).toBeVisible();
  await trailer.fill('SE*9*0001');
  await expect(mending.getByText('Nothing would be wrong any more (1 segment changed)')).toBeVisible();
  await mending.getByLabel('Why').fill('Counted again with Elena');
  await mending.getByRole('button', { name: 'Mend and apply' }).click();
  await expect(olga.getByText('Olga Brandt mended it', { exact: false })).toBeVisible();
  await expect(olga.getByText('Counted again with Elena')).toBeVisible();
  await expect(olga.locator('main').getByText('Applied').first()).toBeVisible();
  await elena.reload();
  await expect(elena.getByText('Nordwind', { exact: false }).filter({ hasText: 'mended it' }).first()).toBeVisible();
  await expect(elena.getByText('Counted again with Elena')).toBeHidden();
  await olga.goto('/orders');
  await expect(olga.getByRole('row').getByRole('button', { name: number })).toBeVisible();
});

test('a line of an order is quoted into the chat of its deal', async ({ enter }) => {
  const sam = await enter('sam');
  await sam.goto('/orders');
  await sam.getByRole('row').getByRole('button', { name: 'DF-4502' }).click();
  await sam.getByRole('button', { name: 'Discuss line 2' }).click();
  const field = sam.getByRole('textbox', { name: /Message to/ });
  await expect(field).toHaveValue(/^> Order DF-4502, line 2: NW-SENS-28, Sensor to -28 C, 120 EA at 89.50? EUR/);
  await field.press('End');
  await field.pressSequentially('Can you do 100 now?');
  await sam.getByRole('button', { name: 'Send', exact: true }).click();
  await expect(sam.locator('blockquote').filter({ hasText: 'DF-4502, line 2' }).last()).toBeVisible();
  await expect(sam.getByText('Can you do 100 now?').last()).toBeVisible();
});

test('a buyer takes what the seller offers otherwise, and both see what is agreed', async ({ enter }) => {
  const [sam, elena, dora] = [await enter('sam'), await enter('elena@delmar.example'), await enter('dora')];
  const number = `DF-${control()}`;
  await elena.goto('/edi');
  await elena.locator('input[type=file]').setInputFiles({
    name: 'order.edi',
    mimeType: 'application/edi-x12',
    buffer: Buffer.from(purchaseOrder(number, control())),
  });
  await expect(elena.getByRole('heading', { name: 'Purchase order (850)', level: 1 })).toBeVisible();
  await sam.goto('/orders');
  await sam.getByRole('row').getByRole('button', { name: number }).click();
  await sam.getByRole('button', { name: 'Answer the order' }).click();
  await sam.getByRole('radiogroup', { name: 'Answer to line 1' }).getByText('Change').click();
  await sam.getByLabel('Quantity').fill('20');
  await sam.getByRole('button', { name: 'Send the answer' }).click();
  const offered = (page: typeof sam) => page.locator('section', { hasText: 'Offered otherwise' });
  await expect(offered(sam).getByText('has not said yet')).toBeVisible();
  await expect(sam.getByRole('button', { name: 'Take the offer' })).toBeHidden();

  await dora.goto(sam.url());
  await expect(offered(dora).getByText('→ 20 EA')).toBeVisible();
  await dora.getByRole('button', { name: 'Refuse all of it' }).click();
  await expect(dora.getByRole('button', { name: 'Send your answer' })).toBeDisabled();
  await dora.getByRole('button', { name: 'Take it after all' }).click();
  await dora.getByRole('button', { name: 'Take the offer' }).click();
  await expect(dora.getByText('Offer taken').first()).toBeVisible();
  await expect(offered(dora)).toBeHidden();
  // The seller's page follows by itself.
  await expect(sam.getByText('Offer taken').first()).toBeVisible();
  await expect(sam.getByRole('cell', { name: '20 EA' }).first()).toBeVisible();
  await expect(offered(sam)).toBeHidden();
});
