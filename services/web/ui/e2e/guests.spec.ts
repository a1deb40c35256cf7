import { expect, jointDeal, test } from './stage';

test('somebody outside takes part in one topic, marked as outside', async ({ enter }) => {
  const [vera, bruno] = [await enter('vera'), await enter('bruno')];
  const deal = await jointDeal(vera, bruno);
  await bruno.goto(`/deals/${deal.id}`);
  await vera.goto(`/deals/${deal.id}`);
  await vera.getByRole('button', { name: 'New topic' }).click();
  const dialog = vera.getByRole('dialog');
  await dialog.getByLabel('Subject').fill('Floor plans for Lyon');
  await dialog.getByLabel('Their name').fill('Hélène Moreau');
  await dialog.getByLabel('E-mail').fill('helene@cabinet-moreau.example');
  await dialog.getByLabel('First message').fill('Could you send the latest plans?');
  await dialog.getByRole('button', { name: 'Send the mail' }).click();
  await expect(vera.getByRole('button', { name: 'Floor plans for Lyon' })).toHaveAttribute(
    'aria-current',
    'true',
  );
  await expect(vera.getByText('helene@cabinet-moreau.example')).toBeVisible();
  await expect(vera.getByRole('log').getByText('Could you send the latest plans?')).toBeVisible();

  await bruno.getByRole('button', { name: 'Floor plans for Lyon' }).click();
  await expect(bruno.getByRole('log').getByText('Could you send the latest plans?')).toBeVisible();
  await vera.getByRole('button', { name: 'Remove Hélène Moreau' }).click();
  await expect(vera.getByText('helene@cabinet-moreau.example')).toHaveCount(0);
});
