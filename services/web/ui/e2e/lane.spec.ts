import { expect, test } from './stage';

test('the hub plays a difficult partner to the station, and each step is told', async ({ enter }) => {
  test.setTimeout(180_000);
  const kate = await enter('kate');
  await kate.goto('/edi/as2?view=lane');
  const name = kate.getByLabel('AS2 name');
  const lane = kate.getByRole('heading', { name: 'The hub plays a difficult partner' });
  await expect(name.or(lane)).toBeVisible();
  if (await name.isVisible()) {
    await name.fill('KESTREL-EDI');
    await kate.getByRole('button', { name: 'Set the station up' }).click();
  }
  await expect(lane).toBeVisible();
  const before = await kate.evaluate(async () => await (await fetch('/api/v1/orders')).json());

  await kate.getByRole('button', { name: 'Run: A wrong unit in line 3' }).click();
  const steps = kate.getByRole('list', { name: 'Steps: A wrong unit in line 3' });
  await expect(steps.getByText('processed', { exact: true })).toBeVisible({ timeout: 30_000 });
  await expect(steps.getByText('AK4*3*355*7*QQ', { exact: false })).toBeVisible();
  await expect(steps.getByRole('listitem')).toHaveCount(5);

  await kate.getByRole('button', { name: 'Run all' }).click();
  await expect(kate.getByRole('main').getByRole('status')).toHaveText('17 of 17 as the standards want (17 in all)', {
    timeout: 150_000,
  });
  await kate.getByRole('button', { name: 'Signed by another key', exact: true }).click();
  await expect(kate.getByText('processed/error: authentication-failed', { exact: true })).toBeVisible();

  // Nothing of it is anywhere else.
  const after = await kate.evaluate(async () => await (await fetch('/api/v1/orders')).json());
  expect(after).toEqual(before);
  await kate.goto('/edi/as2');
  await expect(kate.getByRole('heading', { level: 1 })).toBeVisible();
  await expect(kate.getByText('ENTENTE TEST LANE')).toBeHidden();
});
