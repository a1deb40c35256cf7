import { expect, test, unique } from './stage';

test('a partner is invited, accepts, and the partnership ends, live on both screens', async ({ enter }) => {
  const [ines, kate] = [await enter('ines'), await enter('kate')];
  await kate.goto('/partners');
  await expect(kate.getByRole('heading', { name: 'Partners', level: 1 })).toBeVisible();
  await ines.goto('/partners');
  await ines.getByRole('button', { name: 'Invite a partner' }).first().click();
  await expect(ines.getByText('Shared at the start: only counts')).toBeVisible();
  await ines.getByRole('textbox', { name: 'Their domain' }).fill('kestrel.example');
  await ines.getByRole('textbox', { name: 'Message' }).fill('Shall we join forces in Lyon?');
  await ines.getByRole('button', { name: 'Send the invitation' }).click();
  const live = ines.locator('[data-partner="kestrel.example"]').first();
  await expect(live).toContainText('Waiting for them');

  await expect(kate.getByText('Atelier Data proposes a partnership').first()).toBeVisible();
  await expect(kate.getByText(/both sides share only counts/).first()).toBeVisible();
  await kate.getByRole('button', { name: 'Accept', exact: true }).click();
  await expect(live).toContainText('Active');

  await kate.locator('[data-partner="atelier.example"]').first().click();
  await kate.getByRole('button', { name: 'Suspend' }).click();
  await kate.getByRole('dialog').getByRole('button', { name: 'Suspend' }).click();
  await expect(live).toContainText('Suspended by them');
  await kate.getByRole('button', { name: 'Resume' }).click();
  await expect(live).toContainText('Active');

  await live.click();
  await ines.getByRole('button', { name: 'End now' }).click();
  await expect(ines.getByText('This cannot be undone.')).toBeVisible();
  await ines.getByRole('dialog').getByRole('textbox').fill('Testing the way out');
  await ines.getByRole('dialog').getByRole('button', { name: 'End now' }).click();
  await expect(live).toContainText('Ended');
  await expect(kate.locator('[data-partner="atelier.example"]').first()).toContainText('Ended');
});

test('a colleague joins by the link of an invitation', async ({ enter, browser, baseURL, complaints }) => {
  complaints.expected.push(/401/);
  const olga = await enter('olga');
  const email = `${unique('nora').replace(/\W/g, '')}@nordwind.example`;
  await olga.goto('/people');
  await olga.getByRole('button', { name: 'Invite a person' }).click();
  await olga.getByRole('dialog').getByLabel('E-mail').fill(email);
  await olga.getByRole('dialog').getByRole('button', { name: 'Send the invitation' }).click();
  const link = await olga.getByRole('textbox', { name: 'Invitation link' }).inputValue();

  const nora = await browser.newPage({ baseURL, locale: 'en-GB' });
  complaints.listen(nora);
  await nora.goto(new URL(link).pathname + new URL(link).search);
  await expect(nora.getByText('Nordwind Systems invites you to join as Seller.')).toBeVisible();
  await nora.getByLabel('Your name').fill('Nora Lind');
  await nora.getByRole('textbox', { name: 'Choose a password' }).fill('a-secret-of-nora');
  await nora.getByRole('button', { name: 'Accept the invitation' }).click();
  await expect(nora.getByRole('heading', { name: 'Deals', level: 1 })).toBeVisible();
  await nora.goto(new URL(link).pathname + new URL(link).search);
  await expect(nora.getByRole('heading', { name: 'This invitation is no longer valid' })).toBeVisible();
  await nora.close();
});

test('a second invitation is refused in words', async ({ enter, complaints }) => {
  complaints.expected.push(/409/);
  const page = await enter('vera');
  await page.goto('/partners?open=new');
  await page.getByRole('textbox', { name: 'Their domain' }).fill('atelier.example');
  await page.getByRole('button', { name: 'Send the invitation' }).click();
  await expect(
    page.getByText('There is already a partnership or a proposal with this company.'),
  ).toBeVisible();
});
