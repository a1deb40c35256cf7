import { expect, jointDeal, test } from './stage';

test('a thread goes on as a topic, is answered, and is locked', async ({ enter }) => {
  const [vera, bruno] = [await enter('vera'), await enter('bruno')];
  const deal = await jointDeal(vera, bruno);
  for (const page of [vera, bruno]) await page.goto(`/deals/${deal.id}`);
  const field = vera.getByRole('textbox', { name: /Message to/ });
  await field.fill('Which crates fit the lift?');
  await field.press('Enter');
  const asked = bruno.getByText('Which crates fit the lift?');
  await expect(asked).toBeVisible();

  await bruno.locator('article', { has: asked }).focus();
  await bruno.keyboard.press('o');
  await bruno.getByRole('textbox', { name: 'Subject' }).fill('Crates and the lift');
  await bruno.getByRole('combobox', { name: 'Category' }).fill('Logistics');
  await bruno.getByRole('textbox', { name: 'First message' }).fill('**Which ones** do we take?');
  await bruno.getByRole('button', { name: 'Open the topic' }).click();
  await expect(bruno.getByRole('heading', { level: 1, name: 'Crates and the lift' })).toBeVisible();
  await expect(bruno.getByText('goes on from a thread')).toBeVisible();

  await vera.getByRole('link', { name: 'Topics' }).click();
  await vera.getByRole('link', { name: /Crates and the lift.*Logistics/ }).click();
  await vera.getByRole('textbox', { name: /Answer in this topic/ }).fill('The small ones');
  await vera.keyboard.press('Enter');
  const answer = bruno.locator('[data-seq]', { hasText: 'The small ones' });
  await expect(answer).toBeVisible();
  await answer.getByRole('button', { name: 'Accept as the answer' }).click();
  for (const page of [vera, bruno])
    await expect(page.getByRole('region', { name: 'Accepted answer' }).getByText('The small ones')).toBeVisible();
  await bruno.getByRole('button', { name: 'Lock' }).click();
  await expect(vera.getByText('This topic is locked.')).toBeVisible();
  await expect(vera.getByRole('textbox', { name: /Answer in this topic/ })).toHaveCount(0);
});
