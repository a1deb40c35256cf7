import { ask, expect, test } from './stage';

test('a lead is offered, accepted on a phone, and becomes a deal of both', async ({ enter, complaints }) => {
  complaints.expected.push(/status of 404/);
  const phone = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };
  const [vera, bruno, carl] = [await enter('vera'), await enter('ines', phone), await enter('carl')];
  const company = `Hafenamt ${Date.now().toString(36)}`;

  await vera.goto('/leads/new');
  await vera.getByLabel('Company').fill(company);
  await vera.getByLabel('Contact', { exact: true }).fill('Jo Kern');
  await vera.getByLabel('E-mail').fill('jo@hafenamt.example');
  await vera.getByLabel('City').fill('Bremen');
  await vera.getByLabel('Country').fill('DE');
  await vera.getByLabel('Product family').fill('Gates and readers');
  await vera.getByLabel('Expected amount').fill('42 000');
  await vera.getByRole('button', { name: 'Save' }).click();
  await expect(vera.getByRole('heading', { name: company })).toBeVisible();
  await vera.getByRole('button', { name: 'Qualify' }).click();
  await vera.getByRole('button', { name: 'Offer to a partner' }).click();
  await vera.getByLabel('Partner', { exact: true }).selectOption({ label: 'Atelier Data' });
  await vera.getByRole('button', { name: 'Offer to a partner' }).last().click();
  await expect(vera.getByText('Atelier Data has it to accept.')).toBeVisible();
  const path = new URL(vera.url()).pathname;

  await bruno.goto('/leads?of=partners');
  await bruno.getByRole('button', { name: /A lead of Nordwind/ }).first().tap();
  await expect(bruno.getByText('Germany')).toBeVisible();
  await expect(bruno.getByRole('main')).not.toContainText(company);
  await expect(bruno.getByRole('main')).not.toContainText('jo@hafenamt.example');
  const offer = new URL(bruno.url()).pathname;
  await bruno.getByRole('button', { name: 'Accept' }).tap();
  await expect(bruno.getByText('jo@hafenamt.example')).toBeVisible();
  await expect(bruno.getByRole('heading', { name: company })).toBeVisible();
  // The vendor's screen hears of it by itself.
  await expect(vera.getByText('Atelier Data works on it.')).toBeVisible();

  await carl.goto(offer);
  await expect(carl.getByText('This lead is not with you any more')).toBeVisible();
  await carl.goto(path);
  await expect(carl.getByRole('main')).not.toContainText(company);

  await vera.getByRole('button', { name: 'Open the deal' }).click();
  await vera.getByRole('link', { name: 'Go to the deal' }).click();
  await expect(vera.getByRole('heading', { name: new RegExp(company) }).first()).toBeVisible();
  await bruno.getByRole('link', { name: 'Go to the deal' }).tap();
  await expect(bruno).toHaveURL(/\/deals\/deal_/);
});

test('a lead that is given back goes away from the screen of who had it', async ({ enter, complaints }) => {
  complaints.expected.push(/status of 404/);
  const [vera, bruno] = [await enter('vera'), await enter('ines')];
  const company = `Mühle ${Date.now().toString(36)}`;
  const made = await ask<{ id: string }>(vera, 'POST', '/leads', { company, country: 'DE' });
  await ask(vera, 'POST', `/leads/${made.id}/moves`, { move: 'qualify', revision: 1 });
  const { items } = await ask<{ items: { partner: { id: string; name: string } }[] }>(vera, 'GET', '/partnerships');
  const atelier = items.find((one) => one.partner.name === 'Atelier Data')!.partner.id;
  const offer = async (revision: number) => {
    await ask(vera, 'POST', `/leads/${made.id}/offers`, { organisation: atelier, revision });
    await bruno.goto('/leads?of=partners');
    await bruno.getByRole('button', { name: /A lead of Nordwind/ }).first().click();
  };
  await offer(2);
  await bruno.getByRole('button', { name: 'Decline' }).click();
  await bruno.getByLabel('Reason').selectOption('no_capacity');
  await bruno.getByRole('button', { name: 'Decline' }).last().click();
  await expect(bruno).toHaveURL(/\/leads\?of=partners/);
  await vera.goto(`/leads/${made.id}`);
  await expect(vera.getByText('Declined by Atelier Data')).toBeVisible();
  await expect(vera.getByText('Nobody free for it')).toBeVisible();
  await offer(4);
  await expect(bruno.getByRole('button', { name: 'Accept' })).toBeVisible();
  await vera.getByRole('button', { name: 'Take it back' }).click();
  await vera.getByRole('button', { name: 'Take it back' }).last().click();
  await expect(bruno.getByText('This lead is not with you any more')).toBeVisible();
});

test('a lead goes to a partner by a rule, and back to its vendor by hand', async ({ enter }) => {
  const vera = await enter('vera');
  await vera.goto('/leads/terms');
  await vera.getByRole('button', { name: 'Add a rule' }).click();
  const rule = vera.getByRole('region', { name: /^Rule \d+$/ }).last();
  await rule.getByRole('textbox', { name: /^Rule/ }).fill('Iceland');
  await rule.getByLabel('Countries (two letters)').fill('is');
  await rule.getByLabel('Countries (two letters)').press('Enter');
  await rule.getByLabel('Add a partner').selectOption({ label: 'Atelier Data' });
  await rule.getByLabel('At most, for Atelier Data').fill('500');
  const save = async () => {
    await vera.getByRole('button', { name: 'Save the rules' }).click();
    await expect(vera.getByText('The rules are saved').last()).toBeVisible();
  };
  const turn = () => vera.getByRole('switch', { name: /without a person/ }).press(' ');
  await save();

  // Told before it happens, and done by itself once that is wanted.
  const company = `Reykjavík ${Date.now().toString(36)}`;
  const made = await ask<{ id: string }>(vera, 'POST', '/leads', { company, country: 'IS' });
  await vera.goto(`/leads/${made.id}`);
  await vera.getByRole('button', { name: 'Qualify' }).click();
  await expect(vera.getByText('It goes to Atelier Data, by “Iceland”.')).toBeVisible();
  await vera.goto('/leads/terms');
  await expect(vera.getByRole('region', { name: /^Rule/ }).last().getByText('IS', { exact: true })).toBeVisible();
  await turn();
  await save();
  await vera.goto(`/leads/${made.id}`);
  await expect(vera.getByText('Atelier Data has it to accept.')).toBeVisible({ timeout: 45_000 });
  await expect(vera.getByText('by the rules')).toBeVisible();
  await vera.getByRole('button', { name: 'Take it back' }).click();
  await vera.getByRole('button', { name: 'Take it back' }).last().click();
  await expect(vera.getByText('Atelier Data had it before')).toBeVisible();

  await vera.goto('/leads/terms');
  await turn();
  await vera.getByRole('button', { name: /^Delete Rule/ }).last().click();
  await save();
});
