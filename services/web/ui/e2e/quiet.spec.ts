import { expect, test } from './stage';

test('somebody says when they want to hear nothing, on one device for all', async ({ enter }) => {
  const [laptop, phone] = [await enter('ines'), await enter('ines')];
  await laptop.goto('/settings?part=notices');
  await expect(laptop.getByText('It is not quiet now')).toBeVisible();
  await laptop.getByRole('button', { name: 'Until tomorrow' }).click();
  await expect(laptop.getByText('Quiet until')).toBeVisible();
  await phone.goto('/settings?part=notices');
  await expect(phone.getByText('Quiet until')).toBeVisible();
  await phone.getByRole('button', { name: 'End the pause' }).click();
  await expect(phone.getByText('It is not quiet now')).toBeVisible();
  await laptop.reload();
  await laptop.getByRole('switch', { name: 'Quiet at night' }).press(' ');
  await laptop.getByLabel('From').fill('00:00');
  await laptop.getByLabel('From').blur();
  await laptop.getByLabel('To', { exact: true }).fill('00:00');
  await laptop.getByLabel('To', { exact: true }).blur();
  await expect(laptop.getByText('Quiet until')).toBeVisible();
  await laptop.getByRole('switch', { name: 'Quiet at night' }).press(' ');
  await expect(laptop.getByText('It is not quiet now')).toBeVisible();
});
