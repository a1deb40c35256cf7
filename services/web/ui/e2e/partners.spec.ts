import { ask, expect, test, unique } from './stage';

interface Mails {
  items: { id: string; to: string }[];
}

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

test('a company that is not here yet joins by the link in its mail', async ({
  enter,
  browser,
  baseURL,
  complaints,
}) => {
  complaints.expected.push(/401|409/);
  const [vera, olga] = [await enter('vera'), await enter('olga')];
  const domain = `${unique('halden').replace(/\W/g, '')}.example`;
  const email = `ana@${domain}`;
  await vera.goto('/partners');
  await vera.getByRole('button', { name: 'Invite a partner' }).first().click();
  await expect(vera.getByText('Shared at the start: only counts')).toBeVisible();
  await vera.getByRole('textbox', { name: 'Their domain' }).fill(domain);
  await vera.getByRole('textbox', { name: /E-mail of the person/ }).fill(email);
  await vera.getByRole('button', { name: 'Send the invitation' }).click();
  const row = vera.locator(`[data-partner="${domain}"]`);
  await expect(row).toContainText('Waiting for them');

  const letter = async () =>
    (await ask<Mails>(olga, 'GET', '/mail/outbox')).items.find((one) => one.to.includes(email))?.id;
  await expect.poll(letter).toBeTruthy();
  const raw = await (await olga.context().request.get(`/api/v1/mail/outbox/${await letter()}/raw`)).text();
  const token = /join\?token=(?:3D)?([\w.-]+)/.exec(raw.replace(/=\r?\n/g, '').replace(/=3D/g, '='))?.[1];
  expect(token).toBeTruthy();

  const ana = await browser.newPage({ baseURL, locale: 'en-GB' });
  complaints.listen(ana);
  await ana.goto(`/join?token=${token}`);
  await expect(ana.getByText(/Nordwind Systems proposes a partnership/)).toBeVisible();
  await ana.getByLabel('Your name').fill('Ana Halden');
  await ana.getByLabel('Organisation').fill(domain);
  await ana.getByLabel('Choose a password').fill('halden-secret-1');
  await ana.getByRole('button', { name: 'Accept the invitation' }).click();
  await expect(ana.getByRole('heading', { name: 'Partners', level: 1 })).toBeVisible();
  const accept = ana.getByRole('button', { name: 'Accept', exact: true });
  if (await accept.isVisible().catch(() => false)) await accept.click();
  await expect(row).toContainText('Active');
  await ana.close();
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
