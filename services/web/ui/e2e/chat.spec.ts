import { ask, expect, jointDeal, test } from './stage';

test('Markdown is written with keys, previewed, sent, and is never HTML', async ({ enter }) => {
  const [vera, bruno] = [await enter('vera'), await enter('bruno')];
  const deal = await jointDeal(vera, bruno);
  for (const page of [vera, bruno]) await page.goto(`/deals/${deal.id}`);
  const field = vera.getByRole('textbox', { name: /Message to/ });
  await field.fill('Our offer');
  await field.press('Control+a');
  await field.press('Control+b');
  await expect(field).toHaveValue('**Our offer**');
  await field.press('Control+b');
  await expect(field).toHaveValue('Our offer');
  await field.press('Control+b');
  await field.press('End');
  await field.press('Shift+Enter');
  await field.pressSequentially('- 24 gateways');
  await field.press('Shift+Enter');
  await field.pressSequentially('<img src=x onerror=alert(1)> [here](javascript:alert(1)) `EDI`');
  await expect(field).toHaveValue(/^\*\*Our offer\*\*\n- 24 gateways\n- <img/);
  await vera.getByRole('button', { name: 'Preview' }).click();
  await expect(vera.getByRole('group', { name: 'Preview' }).getByRole('listitem')).toHaveCount(2);
  await vera.getByRole('button', { name: 'Preview' }).click();
  await field.press('Enter');

  for (const page of [vera, bruno]) {
    const said = page.getByRole('log').getByRole('article').filter({ hasText: 'Our offer' });
    await expect(said.locator('strong')).toHaveText('Our offer');
    await expect(said.getByRole('listitem')).toHaveCount(2);
    await expect(said.locator('code')).toHaveText('EDI');
    await expect(said).toContainText('<img src=x onerror=alert(1)> [here](javascript:alert(1))');
    await expect(said.locator('img, a')).toHaveCount(0);
  }
});

test('a slash offers the steps of the deal', async ({ enter }) => {
  const page = await enter('vera');
  const deal = await jointDeal(page);
  await page.goto(`/deals/${deal.id}`);
  const field = page.getByRole('textbox', { name: /Message to/ });
  await field.pressSequentially('/');
  const offered = page.getByRole('listbox', { name: 'Commands' });
  await expect(offered.getByRole('option').first()).toHaveAttribute('aria-selected', 'true');
  await field.press('Escape');
  await expect(offered).toHaveCount(0);
  await field.pressSequentially('stage qual');
  await expect(offered.getByRole('option')).toHaveCount(1);
  await field.press('Enter');
  await expect(page.getByRole('button', { name: /^Stage: Qualified/ })).toBeVisible();
  await expect(field).toHaveValue('');
  await expect(page.getByRole('log').getByRole('article')).toHaveCount(0);
});

test('a link leads to a message far up, and arrows lead from message to message', async ({ enter }) => {
  const page = await enter('vera', { permissions: ['clipboard-read', 'clipboard-write'] });
  const deal = await jointDeal(page);
  const room = deal.rooms.find((one) => one.kind === 'main')!.id;
  for (let count = 1; count <= 84; count += 1) {
    const wait = page.context().request.post(`/api/v1/rooms/${room}/events`, {
      headers: { 'x-entente-client': 'web' },
      data: { cid: `far-up-${deal.id}-${count}`, body: `Remark ${count}` },
    });
    if ((await wait).status() === 429) {
      count -= 1;
      await page.waitForTimeout(1_000);
    }
  }
  const { items } = await ask<{ items: { seq: number; body?: string }[] }>(
    page,
    'GET',
    `/rooms/${room}/events?after=0&limit=200`,
  );
  const third = items.find((event) => event.body === 'Remark 3')!;
  await page.goto(`/deals/${deal.id}?at=${third.seq}`);
  const found = page.locator(`article[data-seq="${third.seq}"]`);
  await expect(found).toBeFocused();
  await expect(found).toBeInViewport();
  await page.keyboard.press('ArrowDown');
  await expect(page.locator(`article[data-seq="${third.seq + 1}"]`)).toBeFocused();
  const next = page.locator(`article[data-seq="${third.seq + 1}"]`);
  await page.keyboard.press('Tab');
  await expect(next.getByRole('toolbar').getByRole('button').first()).toBeFocused();
  await next.focus();
  await page.keyboard.press('l');
  await expect(page.getByText('The link was copied')).toBeVisible();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toContain(`at=${third.seq + 1}`);
  await page.goto(`/deals/${deal.id}?at=99999`);
  await expect(page.getByText('This message is no longer here')).toBeVisible();
});
