import { ask, expect, jointDeal, test } from './stage';

test('a person says how soon mail tells of what was not read, for all rooms and for one', async ({ enter }) => {
  const [vera, ines] = [await enter('vera'), await enter('ines')];
  const deal = await jointDeal(vera, ines);
  await ines.goto('/settings?part=mail');
  await ines.getByRole('combobox', { name: 'Mail of what I have not read' }).click();
  await ines.getByRole('option', { name: 'Once a day' }).click();
  // Whoever wants mail for the first time means the clocks around them.
  await expect(ines.getByRole('combobox', { name: 'Time zone' })).toHaveValue('Europe/Paris');
  await ines.getByRole('combobox', { name: 'Daily letter at' }).click();
  await ines.getByRole('option', { name: '07:00' }).click();
  await expect.poll(() => ask<object>(ines, 'GET', '/me/mail')).toMatchObject({
    pace: 'daily',
    hour: 7,
    zone: 'Europe/Paris',
  });

  await ines.goto(`/deals/${deal.id}`);
  await ines.getByRole('button', { name: 'Notices: All messages' }).first().click();
  await expect(ines.getByRole('menuitemradio', { name: 'As usual: Once a day' })).toBeChecked();
  await ines.getByRole('menuitemradio', { name: 'Never' }).click();
  await expect.poll(() => ask<object>(ines, 'GET', '/me/mail')).toMatchObject({ rooms: [{ pace: 'off' }] });
  await ines.goto('/settings?part=mail');
  const own = ines.getByRole('listitem').filter({ hasText: deal.title });
  await expect(own.getByText('Never')).toBeVisible();
  await own.getByRole('button', { name: 'As usual' }).click();
  await expect(own).toHaveCount(0);
  await expect.poll(() => ask<object>(vera, 'GET', '/me/mail')).toMatchObject({ pace: 'off', rooms: [] });
});
