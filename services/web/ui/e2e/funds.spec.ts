import { expect, test } from './stage';

test('money of a fund is asked for, approved in part, claimed with a proof, paid, and adds up', async ({ enter, complaints }) => {
  complaints.expected.push(/status of 422/);
  const lea = await enter('lea@atelier.example', { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true });
  const vera = await enter('vera');
  const title = `Journey evening ${Date.now().toString(36)}`;
  await lea.request.patch('/api/v1/me', { headers: { 'x-entente-client': 'web' }, data: { locale: 'en' } });

  await lea.goto('/funds');
  await lea.getByRole('button', { name: 'Ask for money' }).tap();
  await lea.getByLabel('Activity').fill(title);
  const soon = new Date(Date.now() + 10 * 86_400_000).toISOString().slice(0, 10);
  await lea.getByLabel('From').fill(soon);
  await lea.getByLabel('What it is to cost').fill('800');
  await expect(lea.getByText('At most €400')).toBeVisible();
  await lea.getByLabel('Asked for').fill('401');
  await lea.getByRole('button', { name: 'Submit' }).tap();
  await expect(lea.getByRole('alert')).toContainText('share of the cost');
  await lea.getByLabel('Asked for').fill('400');
  await lea.getByRole('button', { name: 'Submit' }).tap();
  await expect(lea.getByRole('heading', { name: title })).toBeVisible();

  await vera.goto('/funds');
  await vera.getByRole('button', { name: new RegExp(title) }).click();
  await vera.getByRole('button', { name: 'Take into review' }).click();
  await vera.getByRole('button', { name: 'Approve' }).click();
  await vera.getByLabel('Amount that you approve').fill('390');
  await vera.getByLabel('Why, in words').fill('Not the flowers.');
  await vera.getByRole('button', { name: 'Approve' }).last().click();
  // The partner's phone follows by itself.
  const history = lea.getByRole('list', { name: 'Timeline' });
  await expect(history).toContainText('Request approved');
  await expect(history).toContainText('Not the flowers.');

  await lea.getByLabel('What it cost').fill('780');
  await lea.getByLabel('Claimed', { exact: true }).fill('390');
  await lea.getByRole('button', { name: 'Begin the claim' }).tap();
  await expect(lea.getByText('Still needed: Invoice')).toBeVisible();
  const chooser = lea.locator('input[type=file]');
  await chooser.setInputFiles({ name: 'bill.pdf', mimeType: 'application/pdf', buffer: Buffer.from('MZ no bill') });
  await expect(lea.getByRole('alert')).toContainText('This file is neither');
  await chooser.setInputFiles({ name: 'bill.pdf', mimeType: 'application/pdf', buffer: Buffer.from('%PDF-1.7 a bill') });
  await expect(lea.getByRole('link', { name: 'bill.pdf' })).toBeVisible();
  await lea.getByRole('button', { name: 'Submit' }).tap();

  const claim = vera.getByRole('link', { name: 'bill.pdf' });
  await expect(claim).toBeVisible();
  await vera.getByRole('button', { name: 'Take into review' }).click();
  await vera.getByRole('button', { name: 'Approve' }).click();
  await vera.getByLabel('Amount that you approve').fill('350');
  await vera.getByLabel('Why, in words').fill('Two meals are not covered.');
  await vera.getByRole('button', { name: 'Approve' }).last().click();
  await expect(vera.getByText('To be paid')).toBeVisible();
  await expect(vera.getByRole('button', { name: 'Mark as paid' })).toHaveCount(0);

  const felix = await enter('felix@nordwind.example');
  await felix.goto(new URL(vera.url()).pathname);
  await felix.getByRole('button', { name: 'Mark as paid' }).click();
  await felix.getByLabel('Payment reference').fill('SEPA-0815');
  await felix.getByRole('button', { name: 'Mark as paid' }).last().click();
  await expect(history).toContainText('Claim paid');
  await expect(history).toContainText('SEPA-0815');

  await felix.goto('/funds');
  await felix.getByRole('button', { name: /Sell together/ }).click();
  const ledger = felix.getByRole('region', { name: 'Ledger' });
  await expect(ledger).toContainText('SEPA-0815');
  const path = new URL(felix.url()).pathname.split('/').pop();
  const file = await felix.request.get(`/api/v1/funds/${path}/ledger/csv`);
  const rows = (await file.text()).trim().split('\n').slice(1);
  const sum = rows.reduce((all, row) => all + Math.round(Number(/,(-?\d+\.\d\d),EUR,/.exec(row)![1]) * 100), 0);
  expect(rows.length).toBeGreaterThanOrEqual(18);
  expect(sum, 'the ledger sums to zero').toBe(0);
});
