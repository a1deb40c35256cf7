import { ask, expect, jointDeal, test } from './stage';

test('an administrator says how long messages are kept, and the others are told', async ({ enter }) => {
  const [olga, bruno] = [await enter('olga'), await enter('bruno')];
  const deal = await jointDeal(olga, bruno);
  await olga.goto('/settings?part=records');
  const rooms = olga.getByRole('combobox', { name: 'Rooms of deals' });
  await rooms.selectOption({ label: '1095 days' });
  await expect(olga.getByText('Nothing is removed for a week after a change.')).toBeVisible();
  await olga.getByRole('button', { name: 'Save' }).click();
  await expect(olga.getByText('The rule was changed: nothing is removed before')).toBeVisible();
  await bruno.goto(`/deals/${deal.id}`);
  await expect(bruno.getByText(/keeps messages here for 1,?095 days\./)).toBeVisible();
  await olga.reload();
  await expect(rooms).toHaveValue('1095');
  await rooms.selectOption({ label: 'For ever' });
  await olga.getByRole('button', { name: 'Save' }).click();
  await expect(olga.getByText('The rule was changed: nothing is removed before')).toHaveCount(0);
});

test('what is taken back under a hold is read by its keepers alone', async ({ enter }) => {
  const [olga, bruno] = [await enter('olga'), await enter('bruno')];
  const deal = await jointDeal(olga, bruno);
  const room = deal.rooms.find((one) => one.kind === 'main')!.id;
  await olga.goto('/settings?part=records');
  await olga.getByRole('button', { name: 'Put on hold' }).click();
  const form = olga.getByRole('dialog');
  await form.getByRole('combobox', { name: 'Deal', exact: true }).selectOption({ label: deal.title });
  await form.getByRole('textbox', { name: 'Reason' }).fill('Case 2026-114');
  await form.getByRole('button', { name: 'Put on hold' }).click();
  const hold = olga.getByRole('listitem').filter({ hasText: deal.title });
  await expect(hold).toContainText('Case 2026-114');
  await expect(hold.getByText('Holds')).toBeVisible();
  const said = await ask<{ seq: number }>(bruno, 'POST', `/rooms/${room}/events`, { cid: 'k1', body: 'Kingfisher' });
  await ask(bruno, 'POST', `/rooms/${room}/acts`, { cid: 'k2', act: 'redact', target: said.seq });
  await olga.reload();
  await hold.getByRole('button', { name: /Read what was taken back/ }).click();
  const words = olga.getByRole('dialog');
  await expect(words.getByText('Kingfisher')).toBeVisible();
  await words.getByRole('button', { name: 'Close' }).click();
  await olga.goto(`/deals/${deal.id}`);
  await expect(olga.getByRole('log', { name: 'Room' })).toBeVisible();
  await expect(olga.getByText('Kingfisher')).toHaveCount(0);
  await olga.goto('/settings?part=records');
  await hold.getByRole('button', { name: /^Release/ }).click();
  await olga.getByRole('dialog').getByRole('button', { name: 'Release' }).click();
  await expect(hold.getByText('Released', { exact: true })).toBeVisible();
});
