import { expect, jointDeal, test } from './stage';

test('what was said is found by its words, and leads to where it was said', async ({ enter }) => {
  const [vera, bruno] = [await enter('vera'), await enter('bruno')];
  const deal = await jointDeal(vera, bruno);
  for (const page of [vera, bruno]) await page.goto(`/deals/${deal.id}`);
  const field = vera.getByRole('textbox', { name: /Message to/ });
  await field.fill('The café in Évry wants **quokka** crates');
  await field.press('Enter');
  await expect(bruno.getByText('wants quokka crates')).toBeVisible();

  await bruno.keyboard.press('Escape');
  await bruno.keyboard.press('Control+k');
  await bruno.getByRole('textbox', { name: 'Search or jump to…' }).fill('evry quok');
  await bruno.getByRole('button', { name: 'Search messages for “evry quok”' }).click();
  await expect(bruno).toHaveURL(/\/search\?q=/);
  await expect(bruno.getByRole('searchbox')).toHaveValue('evry quok');
  await expect(bruno.locator('mark').getByText('quokka')).toBeVisible();
  await bruno.getByRole('searchbox').press('ArrowDown');
  await bruno.keyboard.press('Enter');
  await expect(bruno).toHaveURL(new RegExp(`/deals/${deal.id}\\?.*at=`));
  await expect(bruno.locator('[data-found]').getByText('quokka')).toBeVisible();

  await bruno.getByRole('button', { name: 'Search in this room' }).click();
  await bruno.getByRole('searchbox').fill('nobody-said-this');
  await expect(bruno.getByText('Nothing found')).toBeVisible();
  await bruno.getByRole('searchbox').fill('cafe');
  await expect(bruno.locator('mark').getByText('café')).toBeVisible();
  await bruno.keyboard.press('Escape');
  await expect(bruno.getByRole('searchbox')).toHaveCount(0);
});
