import { ask, card, expect, jointDeal, lane, test } from './stage';

test('a card is dragged with the mouse', async ({ enter }) => {
  const page = await enter('vera');
  const deal = await jointDeal(page);
  await page.goto('/deals');
  await card(page, deal.id).scrollIntoViewIfNeeded();
  const from = (await card(page, deal.id).boundingBox())!;
  const to = (await lane(page, 'qualified').boundingBox())!;
  await page.mouse.move(from.x + 60, from.y + 20);
  await page.mouse.down();
  await page.mouse.move(from.x + 80, from.y + 40, { steps: 5 });
  await expect(card(page, deal.id)).toHaveAttribute('data-drag');
  await page.mouse.move(to.x + 90, to.y + 90, { steps: 15 });
  await page.mouse.up();
  await expect(lane(page, 'qualified').locator(`[data-card="${deal.id}"]`)).toBeVisible();
  await expect
    .poll(async () => (await ask<{ stage: string }>(page, 'GET', `/deals/${deal.id}`)).stage)
    .toBe('qualified');
});

test('a card is carried with the keyboard, announced, and undone', async ({ enter }) => {
  const page = await enter('vera');
  const deal = await jointDeal(page);
  await page.goto('/deals');
  await card(page, deal.id).focus();
  await page.keyboard.press('Space');
  await expect(card(page, deal.id)).toHaveAttribute('data-drag');
  await page.keyboard.press('ArrowRight');
  await expect(page.locator('[aria-live=assertive]').first()).toContainText(
    `${deal.title} is over Qualified`,
  );
  await page.keyboard.press('Space');
  await expect(lane(page, 'qualified').locator(`[data-card="${deal.id}"]`)).toBeVisible();
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(lane(page, 'identified').locator(`[data-card="${deal.id}"]`)).toBeVisible();
});

test('a step that wants a reason asks for it, and puts the card back without one', async ({ enter }) => {
  const page = await enter('vera');
  const deal = await jointDeal(page);
  await page.goto('/deals');
  const move = async () => {
    await card(page, deal.id).hover();
    await page.getByRole('button', { name: `Move ${deal.title} to…` }).click();
    await page.getByRole('menuitem', { name: 'Lost' }).click();
  };
  await move();
  await page.getByRole('dialog').getByRole('button', { name: 'Cancel' }).click();
  await expect(lane(page, 'identified').locator(`[data-card="${deal.id}"]`)).toBeVisible();
  await move();
  await page.getByRole('textbox', { name: 'Reason' }).fill('They chose to build it themselves');
  await page.getByRole('button', { name: 'Move', exact: true }).click();
  await expect(card(page, deal.id)).toHaveCount(0);
  await page.getByRole('button', { name: 'Unfold Lost' }).click();
  await expect(lane(page, 'lost').locator(`[data-card="${deal.id}"]`)).toBeVisible();
});

test('each field of the card says who sees it and is edited in place', async ({ enter }) => {
  const [vera, bruno] = [await enter('vera'), await enter('bruno')];
  const deal = await jointDeal(vera, bruno);
  await vera.goto(`/deals/${deal.id}`);
  await bruno.goto(`/deals/${deal.id}`);
  await vera.getByRole('button', { name: 'Edit Next step' }).click();
  await vera.getByRole('textbox', { name: 'Next step' }).fill('Send the survey');
  await vera.keyboard.press('Enter');
  await expect(bruno.getByRole('button', { name: 'Edit Next step' })).toContainText('Send the survey');

  await vera.getByRole('button', { name: 'Amount is seen by: Atelier Data' }).click();
  await expect(vera.getByRole('heading', { name: 'Who sees Amount' })).toBeVisible();
  await vera.keyboard.press('Escape');
  await vera.getByRole('button', { name: 'Edit Own stage name' }).click();
  await vera.getByRole('textbox', { name: 'Own stage name' }).fill('Solution fit');
  await vera.keyboard.press('Enter');
  await expect(bruno.getByText('Solution fit')).toHaveCount(0);
  await vera.getByRole('button', { name: 'Own stage name is seen by: Only us' }).click();
  await vera.getByLabel('Let the other parties read it').click();
  await expect(vera.getByRole('button', { name: 'Own stage name is seen by: Atelier Data' })).toBeVisible();
  await expect(bruno.getByText('Solution fit')).toBeVisible();
});
