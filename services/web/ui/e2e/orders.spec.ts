import { expect, test } from './stage';

/** A purchase order of two lines from Delmar to Nordwind; its trailer may count wrongly. */
function purchaseOrder(number: string, control: number, miscounted = 0) {
  const nine = String(control).padStart(9, '0');
  const body = [
    'ST*850*0001',
    `BEG*00*SA*${number}**20261122`,
    'CUR*BY*EUR',
    'N1*BY*Delmar Foods*92*DELMAR',
    'PO1*1*24*EA*318.5**VP*NW-GATE-48',
    'PID*F****Gateway',
    'PO1*2*120*EA*48**VP*NW-SENS-28',
    'CTT*2',
  ];
  return [
    `ISA*00*          *00*          *ZZ*DELMAR         *ZZ*NORDWIND       *261122*0930*U*00401*${nine}*0*T*>`,
    `GS*PO*DELMAR*NORDWIND*20261122*0930*${control}*X*004010`,
    ...body,
    `SE*${body.length + 1 + miscounted}*0001`,
    `GE*1*${control}`,
    `IEA*1*${nine}`,
    '',
  ].join('~');
}

const control = () => 1_000 + (Math.floor(Date.now() / 100) % 100_000_000);

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
  await sam.getByRole('button', { name: 'Send the answer' }).click();
  await expect(sam.getByText('Changed: 20 EA')).toBeVisible();
  await expect(sam.getByText('Accepted with changes').first()).toBeVisible();
  await sam.getByRole('link', { name: 'Order answer (855)' }).click();
  await expect(sam.getByRole('list', { name: 'Segments' }).getByText('BAK', { exact: true })).toBeVisible();
});

test('a faulty interchange is kept and shows where its fault lies', async ({ enter }) => {
  const elena = await enter('elena@delmar.example');
  await elena.goto('/edi');
  await elena.locator('input[type=file]').setInputFiles({
    name: 'faulty.edi',
    mimeType: 'application/edi-x12',
    buffer: Buffer.from(purchaseOrder(`DF-${control()}`, control(), 5)),
  });
  const faults = elena.getByRole('region', { name: /fault/ });
  await expect(faults).toBeVisible();
  await faults.getByRole('listitem').first().getByRole('button').click();
  await expect(elena.locator('[data-segment][data-here]')).toHaveAttribute('data-wrong');
});
