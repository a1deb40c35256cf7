import type { Page } from '@playwright/test';
import { unusedControl } from './papers';
import { expect, jointDeal, test, unique } from './stage';

/** Delmar's ERP: it numbers its interchanges, and reads what it gets. */
class Erp {
  wrap(code: string, kind: string, segments: string[]) {
    const control = unusedControl();
    const nine = String(control).padStart(9, '0');
    const body = [`ST*${kind}*0001`, ...segments, `SE*${segments.length + 2}*0001`];
    return [
      `ISA*00*          *00*          *ZZ*DELMAR         *ZZ*NORDWIND       *261122*0930*U*00401*${nine}*0*T*>`,
      `GS*${code}*DELMAR*NORDWIND*20261122*0930*${control}*X*004010`,
      ...body,
      `GE*1*${control}`,
      `IEA*1*${nine}`,
      '',
    ].join('~');
  }
  order(number: string, deal: string, unit: string) {
    return this.wrap('PO', '850', [
      `BEG*00*SA*${number}**20261122`,
      'CUR*BY*EUR',
      `REF*CR**${deal}`,
      'N1*BY*Delmar Foods*92*DELMAR',
      'PO1*1*24*EA*318.5**VP*NW-GATE-48',
      'PO1*2*120*EA*48**VP*NW-SENS-28',
      `PO1*3*250*${unit}*1.35**VP*NW-CABLE`,
      'CTT*3',
    ]);
  }
  change(order: string) {
    return this.wrap('PC', '860', [
      `BCH*04*SA*${order}**C-1*20261122`,
      'POC*1*QI*30*6*EA*318.5**VP*NW-GATE-48',
      'POC*4*AI*6*6*EA*9.9**VP*NW-CAP',
      'CTT*2',
    ]);
  }
}

const changesOf = (page: Page) =>
  page.locator('section').filter({ has: page.getByRole('heading', { name: 'Changes', exact: true }) });

const send = (page: Page, text: string) =>
  page.context().request.post('/api/v1/edi/interchanges', {
    headers: { 'x-entente-client': 'web', 'content-type': 'application/edi-x12' },
    data: text,
  });

test('an order with a wrong unit goes all the way to its closing, on screen and by EDI', async ({ enter }) => {
  test.slow();
  const [olga, bruno, elena] = [await enter('olga'), await enter('bruno'), await enter('elena@delmar.example')];
  const dora = await enter('dora');
  const erp = new Erp();
  const number = `DF-${unusedControl()}`;
  const deal = await jointDeal(olga, bruno, unique('Cold store'));
  // Bruno, whose company shares the deal, looks at its room all the while.
  await bruno.goto(`/deals/${deal.id}`);
  await expect(bruno.getByRole('heading', { name: deal.title }).first()).toBeVisible();

  // Line 3 has a unit that nobody knows: it waits, and Olga mends it where it stands.
  const came = await send(elena, erp.order(number, deal.title, 'ZQ'));
  expect(came.status()).toBe(202);
  const { items } = (await came.json()) as { items: { id: string; state: string }[] };
  expect(items[0].state).toBe('quarantined');
  await olga.goto(`/edi/${items[0].id}`);
  await olga.getByRole('button', { name: 'Mend' }).click();
  await olga.getByRole('region', { name: /fault/ }).getByRole('button', { name: /PO1/ }).first().click();
  const line = olga.getByRole('textbox', { name: /PO1$/ }).last();
  await expect(line).toHaveValue(/ZQ/);
  await line.fill('PO1*3*250*MR*1.35**VP*NW-CABLE');
  const mending = olga.getByRole('form', { name: 'Mend' });
  await expect(mending.getByText('Nothing would be wrong any more (1 segment changed)')).toBeVisible();
  await mending.getByLabel('Why').fill('They mean metres');
  await mending.getByRole('button', { name: 'Mend and apply' }).click();
  await expect(olga.locator('main').getByText('Applied').first()).toBeVisible();

  // The card is in the room at once, at both companies.
  const card = bruno.locator('main').getByText(number).first();
  await expect(card).toBeVisible();
  await olga.goto('/orders');
  await olga.getByRole('row').getByRole('button', { name: number }).click();
  await expect(olga.getByRole('heading', { name: `Order ${number}` })).toBeVisible();

  // Answered with less of line 2, later.
  await olga.getByRole('button', { name: 'Answer the order' }).click();
  await olga.getByRole('radiogroup', { name: 'Answer to line 2' }).getByText('Change').click();
  await olga.getByLabel('Quantity').fill('100');
  await olga.getByLabel('Date').fill('2027-01-15');
  await olga.getByRole('button', { name: 'Send the answer' }).click();
  await expect(olga.getByText('Changed: 100 EA', { exact: false })).toBeVisible();
  await expect(bruno.locator('main').getByText('Accepted with changes').first()).toBeVisible();

  // The buyer's change comes while Olga looks on; she offers otherwise on one line.
  expect((await send(elena, erp.change(number))).status()).toBe(202);
  const change = changesOf(olga);
  await expect(change.getByText('Waits for the seller')).toBeVisible();
  await expect(bruno.locator('main').getByText('Change 1').first()).toBeVisible();
  await expect(bruno.locator('main').getByText('Waits for the seller')).toBeVisible();
  await change.getByRole('radiogroup', { name: 'Answer to line 1' }).getByText('Offer otherwise').click();
  await change.getByLabel('Quantity').fill('28');
  await change.getByLabel('Date').fill('2027-01-20');
  await change.getByLabel('Note').fill('28 in January');
  await change.getByRole('button', { name: 'Send the answer' }).click();
  await expect(change.getByText('Agreed in part')).toBeVisible();
  await expect(change.getByText(/^Agreed otherwise: 28 EA/)).toBeVisible();
  await expect(olga.getByRole('link', { name: /\(865\)/ }).first()).toBeVisible();
  await elena.goto(olga.url());
  await expect(elena.getByText('28 in January')).toBeVisible();

  // Two loads, and a bill for both.
  for (const [first, quantity] of [
    [true, '10'],
    [false, ''],
  ] as const) {
    await olga.getByRole('button', { name: 'Ship', exact: true }).click();
    if (first) await olga.getByLabel('To ship now of line 1').fill(quantity);
    await olga.getByRole('button', { name: 'Send the dispatch advice' }).click();
    await expect(olga.locator('main').getByText(first ? 'Partly shipped' : 'Shipped', { exact: true }).first()).toBeVisible();
  }
  await expect(olga.getByRole('link', { name: /\(856\)/ })).toHaveCount(2);
  await olga.getByRole('button', { name: 'Write an invoice' }).click();
  await expect(olga.getByLabel('Quantity, line 1')).toHaveValue('28');
  await olga.getByLabel('Tax on all lines, %').fill('19');
  await olga.getByRole('button', { name: 'Write the invoice' }).click();
  const link = olga.getByRole('link', { name: /^Invoice \d{4}-\d{5}$/ });
  await expect(link).toBeVisible();
  const order = olga.url();
  await link.click();
  // 28 × 318.50 + 100 × 48 + 250 × 1.35 + 6 × 9.90 = 14,114.90, and 19 % of it.
  await expect(olga.getByText('16,796.73', { exact: false }).first()).toBeVisible();

  await dora.goto(olga.url());
  await dora.getByRole('button', { name: 'Approve' }).click();
  await expect(dora.locator('main').getByText('Approved', { exact: true })).toBeVisible();
  await olga.goto(order);
  await expect(olga.locator('main').getByText('Closed', { exact: true })).toBeVisible();
  // The buyer has no part in the deal; its room knows of the end even so.
  await expect(bruno.locator('main').getByText('Approved', { exact: true }).first()).toBeVisible();
  await expect(bruno.locator('main').getByText('Closed', { exact: true }).first()).toBeVisible();
});

test('a buyer in the browser wants another price, another day and a line more', async ({ enter }) => {
  const [olga, elena] = [await enter('olga'), await enter('elena@delmar.example')];
  const dora = await enter('dora');
  const erp = new Erp();
  const number = `DF-${unusedControl()}`;
  expect((await send(elena, erp.order(number, 'no deal', 'MR'))).status()).toBe(202);
  await olga.goto('/orders');
  await olga.getByRole('row').getByRole('button', { name: number }).click();
  await olga.getByRole('button', { name: 'Answer the order' }).click();
  await olga.getByRole('button', { name: 'Send the answer' }).click();
  await expect(olga.getByRole('group', { name: 'How far it is' })).toBeVisible();

  await dora.goto(olga.url());
  const changes = changesOf(dora);
  await changes.getByRole('button', { name: 'Ask for a change' }).click();
  await expect(changes.getByRole('button', { name: 'Send the change' })).toBeDisabled();
  await changes.getByLabel('Unit price, line 1').fill('300');
  await changes.getByLabel('Date, line 2').fill('2027-02-01');
  await changes.getByLabel('Delete line 3').check();
  await changes.getByRole('button', { name: 'Add a line' }).click();
  await changes.getByLabel('Product, line 4').fill('NW-CAP');
  await changes.getByLabel('Quantity, line 4').fill('6');
  await changes.getByLabel('Unit price, line 4').fill('9,90');
  await changes.getByLabel('Note').fill('For the second hall');
  await changes.getByRole('button', { name: 'Send the change' }).click();
  await expect(changes.getByText('Waits for the seller')).toBeVisible();

  const asked = changesOf(olga);
  await expect(asked.getByText('For the second hall')).toBeVisible();
  await expect(asked.getByText(/318\.5.* → 300/)).toBeVisible();
  await asked.getByRole('radiogroup', { name: 'Answer to line 1' }).getByText('Refuse').click();
  await asked.getByRole('button', { name: 'Send the answer' }).click();
  await expect(changes.getByText('Agreed in part')).toBeVisible();
  await expect(changes.getByText('Not agreed')).toBeVisible();
  // 24 × 318.50 + 120 × 48 + 6 × 9.90
  await expect(dora.getByText('13,463.40', { exact: false }).first()).toBeVisible();
});
