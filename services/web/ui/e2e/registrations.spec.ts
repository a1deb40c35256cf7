import { ask, expect, test } from './stage';

interface Made {
  id: string;
  revision: number;
}

test('a deal is registered on a phone, protected, and its rival refused without being named', async ({ enter, complaints }) => {
  complaints.expected.push(/ERR_FAILED/, /status of 422/);
  const phone = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };
  const [bruno, vera] = [await enter('ines', phone), await enter('vera')];
  const stamp = Date.now().toString(36);
  const customer = `Hafenamt ${stamp}`;
  const { items } = await ask<{ items: { vendor: { id: string } }[] }>(bruno, 'GET', '/registration-vendors');

  const began = Date.now();
  await bruno.goto('/registrations/new');
  await bruno.getByLabel('Customer').fill(customer);
  const key = bruno.getByLabel('Web domain');
  expect(await key.getAttribute('inputmode')).toBe('url');
  await key.fill(`www.hafenamt-${stamp}.example`);
  await bruno.getByText('Cold chain sensors').tap();
  await bruno.getByText('Germany').tap();
  await bruno.getByLabel('Expected amount').fill('42 000');
  await bruno.getByLabel('Expected in').selectOption({ index: 3 });
  // The line drops while it is sent: nothing of it is lost, also when the page is left.
  await bruno.route('**/api/v1/registrations', (route) => route.abort());
  await bruno.getByRole('button', { name: 'Submit' }).tap();
  await expect(bruno.getByText('The connection dropped.')).toBeVisible();
  await bruno.unroute('**/api/v1/registrations');
  await bruno.reload();
  await expect(bruno.getByLabel('Customer')).toHaveValue(customer);
  await bruno.getByRole('button', { name: 'Submit' }).tap();
  await expect(bruno.getByText('has it and has not begun')).toBeVisible();
  expect(Date.now() - began, 'five fields take less than a minute').toBeLessThan(60_000);
  const path = new URL(bruno.url()).pathname;

  await vera.goto('/registrations?side=vendor&show=waiting');
  await vera.getByRole('button', { name: new RegExp(customer) }).click();
  await expect(vera.getByText('Answer due')).toBeVisible();
  await vera.getByRole('button', { name: 'Take into review' }).click();
  await vera.getByRole('button', { name: 'Approve' }).click();
  await vera.getByLabel('Protect for (days)').fill('120');
  await vera.getByRole('button', { name: 'Approve' }).last().click();
  await expect(vera.getByText(/^You protect this customer/)).toBeVisible();
  await expect(bruno.getByText(/^The customer is protected for you/)).toBeVisible();

  const carl = await enter('carl');
  const rival = await ask<Made>(carl, 'POST', '/registrations', {
    vendor: items[0].vendor.id,
    submit: true,
    customer: `HAFENAMT ${stamp} GmbH`,
    key_scheme: 'domain',
    key: `hafenamt-${stamp}.example`,
    families: ['Cold chain sensors'],
    territories: ['Germany'],
    amount_minor: 4_000_000,
    currency: 'EUR',
    close_month: '2099-01',
  });
  await vera.goto(`/registrations/${rival.id}`);
  const conflicts = vera.getByRole('list', { name: 'Conflicts' });
  await expect(conflicts).toContainText('Atelier Data');
  await expect(conflicts).toContainText('Same key: Web domain');
  await vera.getByRole('button', { name: 'Take into review' }).click();
  await vera.getByRole('button', { name: 'Refuse' }).click();
  await vera.getByLabel('Reason').selectOption('customer_engaged');
  await vera.getByLabel('In words').fill('Atelier Data was faster.');
  await vera.getByRole('button', { name: 'Refuse' }).last().click();
  await expect(vera.getByRole('button', { name: 'Send it anyway' })).toBeVisible();
  await vera.getByLabel('In words').fill('We cannot take another offer now.');
  await vera.getByRole('button', { name: 'Refuse' }).last().click();
  await expect(vera.getByText('You refused this registration.')).toBeVisible();
  await carl.goto(`/registrations/${rival.id}`);
  await expect(carl.getByText(/refused this registration/)).toBeVisible();
  await expect(carl.getByRole('main')).not.toContainText('Atelier');

  await vera.goto(path);
  await vera.getByRole('button', { name: 'Open the deal' }).click();
  await vera.getByRole('link', { name: 'Go to the deal' }).click();
  await expect(vera.getByRole('heading', { name: new RegExp(customer) }).first()).toBeVisible();
  await bruno.getByRole('link', { name: 'Go to the deal' }).tap();
  await expect(bruno).toHaveURL(/\/deals\/deal_/);
});
