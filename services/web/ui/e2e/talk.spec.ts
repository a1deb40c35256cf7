import type { Locator, Page } from '@playwright/test';
import { ask, expect, jointDeal, test, unique } from './stage';

const log = (page: Page) => page.getByRole('log', { name: 'Room' });
const message = (page: Page, text: string) => log(page).getByRole('article').filter({ hasText: text });
const field = (page: Page) => page.getByRole('textbox', { name: /Message to/ });
const say = async (page: Page, text: string) => {
  await field(page).fill(text);
  await field(page).press('Enter');
  await expect(message(page, text)).toHaveCount(1);
  await expect(page.getByText('Sending…')).toHaveCount(0);
};
const seqOf = async (one: Locator) => Number(await one.getAttribute('data-seq'));

test('better words arrive live, and the arrow up betters the last message', async ({ enter }) => {
  const [vera, bruno] = [await enter('vera'), await enter('bruno')];
  const deal = await jointDeal(vera, bruno);
  for (const page of [vera, bruno]) await page.goto(`/deals/${deal.id}`);
  await say(vera, 'The price is 48 thousand');
  await expect(message(bruno, '48 thousand')).toBeVisible();
  await expect(message(bruno, '48 thousand').getByText('(edited)')).toHaveCount(0);

  await field(vera).press('ArrowUp');
  const better = vera.getByRole('textbox', { name: /Edit the message/ });
  await expect(better).toBeFocused();
  await expect(better).toHaveValue('The price is 48 thousand');
  await better.press('Escape');
  await expect(field(vera)).toBeFocused();
  await field(vera).press('ArrowUp');
  await better.fill('The price is 45 thousand');
  await better.press('Enter');
  for (const page of [vera, bruno]) {
    await expect(message(page, '45 thousand').getByText('(edited)')).toBeVisible();
    await expect(log(page).getByText('48 thousand')).toHaveCount(0);
  }
  await vera.reload();
  await expect(message(vera, '45 thousand').getByText('(edited)')).toBeVisible();
  // Another's words are not one's own to better.
  await message(bruno, '45 thousand').focus();
  await bruno.keyboard.press('e');
  await expect(bruno.getByRole('textbox', { name: /Edit the message/ })).toHaveCount(0);
});

test('what is withdrawn leaves a trace and no words, in both windows and behind them', async ({ enter }) => {
  const [vera, bruno] = [await enter('vera'), await enter('bruno')];
  const deal = await jointDeal(vera, bruno);
  const room = deal.rooms.find((one) => one.kind === 'main')!.id;
  for (const page of [vera, bruno]) await page.goto(`/deals/${deal.id}`);
  const secret = unique('margin 31 percent');
  await say(vera, secret);
  await expect(message(bruno, secret)).toBeVisible();
  await message(vera, secret).focus();
  await vera.keyboard.press('Delete');
  await vera.getByRole('dialog').getByRole('button', { name: 'Withdraw' }).click();
  for (const page of [vera, bruno]) {
    await expect(log(page).getByText('This message was withdrawn')).toBeVisible();
    await expect(page.getByText(secret)).toHaveCount(0);
  }
  const told = JSON.stringify(await ask(bruno, 'GET', `/rooms/${room}/events`));
  expect(told).toContain('redact');
  expect(told).not.toContain(secret);
});

test('reactions count on both sides, by a press, by keys and by name', async ({ enter }) => {
  const [vera, bruno] = [await enter('vera'), await enter('bruno')];
  const deal = await jointDeal(vera, bruno);
  for (const page of [vera, bruno]) await page.goto(`/deals/${deal.id}`);
  await say(vera, 'Signed by the customer');
  await message(bruno, 'Signed').hover();
  await bruno.getByRole('toolbar').getByRole('button', { name: 'React with thumbs up' }).click();
  const thumbs = (page: Page) => message(page, 'Signed').getByRole('button', { name: /^thumbs up:/ });
  await expect(thumbs(bruno)).toHaveAttribute('aria-pressed', 'true');
  await expect(thumbs(vera)).toHaveText('👍1');
  await expect(thumbs(vera)).toHaveAttribute('aria-pressed', 'false');
  await thumbs(vera).click();
  for (const page of [vera, bruno]) await expect(thumbs(page)).toHaveText('👍2');
  await expect(thumbs(bruno)).toHaveAccessibleName('thumbs up: you and Vera Lindqvist');
  await thumbs(vera).click();
  await expect(thumbs(bruno)).toHaveText('👍1');

  await message(vera, 'Signed').focus();
  await vera.keyboard.press('+');
  await vera.getByRole('textbox', { name: 'Search emoji' }).fill('fusée');
  await vera.keyboard.press('Enter');
  await expect(message(bruno, 'Signed').getByRole('button', { name: /^rocket/ })).toHaveText('🚀1');
  await field(vera).pressSequentially('+:hear');
  await expect(vera.getByRole('option', { name: /heart love/ })).toBeVisible();
  await vera.keyboard.press('Enter');
  await expect(message(bruno, 'Signed').getByRole('button', { name: /^heart/ })).toHaveText('❤️1');
  await expect(field(vera)).toHaveValue('');
});

test('an answer quotes, a thread gathers the answers, and both lead back', async ({ enter }) => {
  const [vera, bruno] = [await enter('vera'), await enter('bruno')];
  const deal = await jointDeal(vera, bruno);
  for (const page of [vera, bruno]) await page.goto(`/deals/${deal.id}`);
  await say(vera, 'Who installs in Malmö?');
  await say(vera, 'And another thing');
  await message(bruno, 'Who installs').focus();
  await bruno.keyboard.press('r');
  await expect(bruno.getByText('Answer to Vera Lindqvist')).toBeVisible();
  await field(bruno).fill('We do');
  await field(bruno).press('Enter');
  const quote = message(vera, 'We do').getByRole('button', { name: 'Answers Vera Lindqvist; show the message' });
  await expect(quote).toContainText('Who installs in Malmö?');
  await quote.click();
  await expect(log(vera).getByRole('article').filter({ hasText: 'Who installs' }).first()).toBeFocused();

  await log(vera).getByRole('button', { name: /1 answer/ }).click();
  const thread = vera.getByRole('complementary', { name: 'Thread' });
  await expect(thread.getByRole('article')).toHaveCount(2);
  await thread.getByRole('textbox', { name: 'Answer Vera Lindqvist' }).fill('When?');
  await vera.keyboard.press('Enter');
  await expect(thread.getByRole('article').filter({ hasText: 'When?' })).toHaveCount(1);
  await expect(log(bruno).getByRole('button', { name: /2 answers/ })).toBeVisible();
  await log(bruno).getByRole('button', { name: /2 answers/ }).click();
  const other = bruno.getByRole('complementary', { name: 'Thread' });
  await other.getByRole('textbox', { name: 'Answer Vera Lindqvist' }).fill('From 12 January');
  await bruno.keyboard.press('Enter');
  await expect(thread.getByText('From 12 January')).toBeVisible();
  await vera.keyboard.press('Escape');
  await expect(thread).toHaveCount(0);
  await expect(vera).toHaveURL(new RegExp(deal.id));
});

test('a pin stands in the list of both, and leaves it for both', async ({ enter }) => {
  const [vera, bruno] = [await enter('vera'), await enter('bruno')];
  const deal = await jointDeal(vera, bruno);
  for (const page of [vera, bruno]) await page.goto(`/deals/${deal.id}`);
  await say(vera, 'Site: Jägersrovägen 100, gate C');
  await message(vera, 'gate C').focus();
  await vera.keyboard.press('p');
  await bruno.getByRole('button', { name: 'Pinned messages: 1' }).click();
  const pins = bruno.getByRole('complementary', { name: 'Pinned messages' });
  await expect(pins.getByText('gate C')).toBeVisible();
  await pins.getByRole('button', { name: 'Show in the room' }).click();
  await expect(message(bruno, 'gate C')).toBeFocused();
  await pins.getByRole('button', { name: 'Unpin' }).click();
  await expect(pins.getByText('Nothing is pinned')).toBeVisible();
  await expect(vera.getByRole('button', { name: 'Pinned messages: 0' })).toBeVisible();
  await expect(message(vera, 'gate C').getByText('Pinned')).toHaveCount(0);
});

test('a mention is offered, calls the person, and tells the one who wrote it', async ({ enter }) => {
  const [vera, bruno] = [await enter('vera'), await enter('bruno')];
  const deal = await jointDeal(vera, bruno);
  await bruno.goto(`/deals/${deal.id}`);
  await say(bruno, 'Here I am');
  await bruno.goto('/inbox');
  await vera.goto(`/deals/${deal.id}`);
  await expect(message(vera, 'Here I am')).toBeVisible();
  await field(vera).pressSequentially('Can @brun');
  const offered = vera.getByRole('listbox', { name: 'People' });
  await expect(offered.getByRole('option')).toHaveCount(1);
  await field(vera).press('Enter');
  await expect(field(vera)).toHaveValue('Can @Bruno Marchand ');
  await expect(vera.getByRole('status').filter({ hasText: 'Notifies Bruno Marchand' })).toBeVisible();
  await field(vera).pressSequentially('sign on Monday?');
  await field(vera).press('Enter');
  await expect(message(vera, 'sign on Monday').locator('b', { hasText: '@Bruno Marchand' })).toBeVisible();
  const notice = bruno.getByRole('button', { name: new RegExp(`Vera .* mentioned you in “${deal.title}”`) });
  await expect(notice).toBeVisible();
  await notice.click();
  await expect(message(bruno, 'sign on Monday').locator('[data-me]')).toHaveText('@Bruno Marchand');
  // A side may be called by its name, and the other side's people only once they spoke.
  await field(vera).pressSequentially('@atel');
  await expect(vera.getByRole('option', { name: /Atelier Data Everybody of this side/ })).toBeVisible();
});

test('an unread line leads to where one stopped reading, also when that is far above', async ({ enter }) => {
  const [vera, bruno] = [await enter('vera'), await enter('bruno')];
  const deal = await jointDeal(vera, bruno);
  const room = deal.rooms.find((one) => one.kind === 'main')!.id;
  await bruno.goto(`/deals/${deal.id}`);
  await say(bruno, 'Back on Monday');
  await bruno.goto('/inbox');
  for (let count = 1; count <= 95; count += 1) {
    const wait = vera.context().request.post(`/api/v1/rooms/${room}/events`, {
      headers: { 'x-entente-client': 'web' },
      data: { cid: `unread-${deal.id}-${count}`, body: `Note ${count}` },
    });
    if ((await wait).status() === 429) {
      count -= 1;
      await vera.waitForTimeout(1_000);
    }
  }
  await bruno.goto(`/deals/${deal.id}`);
  await bruno.getByRole('button', { name: 'Jump to first unread' }).click();
  await expect(message(bruno, 'Note 1').first()).toBeInViewport();
  await expect(bruno.getByRole('separator').filter({ hasText: 'New' })).toBeInViewport();
  // Somebody reacts far below: what is read stays where it is.
  const before = await message(bruno, 'Note 1').first().boundingBox();
  const { items } = await ask<{ items: { seq: number }[] }>(vera, 'GET', `/rooms/${room}/events?limit=1`);
  await ask(vera, 'POST', `/rooms/${room}/acts`, {
    cid: unique('react'),
    act: 'react',
    target: items[0].seq,
    emoji: '👍',
  });
  await expect(log(bruno).getByRole('button', { name: /^thumbs up:/ })).toHaveCount(1);
  expect((await message(bruno, 'Note 1').first().boundingBox())?.y).toBe(before?.y);
  await bruno.getByRole('button', { name: 'Jump to a date' }).click();
  await bruno.getByRole('button', { name: 'Beginning' }).click();
  await expect(log(bruno).getByText('joined').first()).toBeInViewport();
});

test('what is withdrawn under the pointer takes its actions along', async ({ enter }) => {
  const [vera, bruno] = [await enter('vera'), await enter('bruno')];
  const deal = await jointDeal(vera, bruno);
  for (const page of [vera, bruno]) await page.goto(`/deals/${deal.id}`);
  await say(vera, 'Soon to be gone');
  await expect(message(bruno, 'Soon')).toBeVisible();
  const target = await seqOf(message(vera, 'Soon'));
  const room = deal.rooms.find((one) => one.kind === 'main')!.id;
  await message(bruno, 'Soon').hover();
  await ask(vera, 'POST', `/rooms/${room}/acts`, { cid: unique('gone'), act: 'redact', target });
  await expect(log(bruno).getByText('This message was withdrawn')).toBeVisible();
  await expect(bruno.getByRole('toolbar').getByRole('button', { name: /React/ })).toHaveCount(0);
});

test('an edit that the hub refuses leaves the message as it was, and keeps the words', async ({ enter }) => {
  const vera = await enter('vera');
  const deal = await jointDeal(vera);
  let refuse = true;
  await vera.routeWebSocket(/\/api\/v1\/socket/, (wire) => {
    const server = wire.connectToServer();
    wire.onMessage((text) => {
      const frame = JSON.parse(String(text)) as { t: string; id: number; room: string; cid: string };
      if (frame.t !== 'edit' || !refuse) return server.send(text);
      const { id, room, cid } = frame;
      wire.send(JSON.stringify({ t: 'nak', id, room, cid, code: 'too_many_mentions' }));
    });
  });
  await vera.goto(`/deals/${deal.id}`);
  await say(vera, 'As it was');
  await field(vera).press('ArrowUp');
  await vera.getByRole('textbox', { name: /Edit the message/ }).fill('Better words');
  await vera.keyboard.press('Enter');
  const said = message(vera, 'As it was');
  await expect(said).toContainText('Your change was not saved. It mentions more than 20 people and sides.');
  await expect(said.getByText('Better words')).toBeVisible();
  refuse = false;
  await said.getByRole('button', { name: 'Send again' }).click();
  await expect(message(vera, 'Better words').getByText('(edited)')).toBeVisible();
  await expect(log(vera).getByText('As it was')).toHaveCount(0);
});

test('a long press opens the sheet on a phone @phone', async ({ enter }) => {
  const vera = await enter('vera', { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true });
  const deal = await jointDeal(vera);
  await vera.goto(`/deals/${deal.id}`);
  await say(vera, 'Pressed for long');
  const box = (await message(vera, 'Pressed').locator('p').first().boundingBox())!;
  const touch = await vera.context().newCDPSession(vera);
  const points = [{ x: box.x + 20, y: box.y + 8 }];
  await touch.send('Input.dispatchTouchEvent', { type: 'touchStart', touchPoints: points });
  const sheet = vera.getByRole('dialog', { name: /Message from Vera/ });
  await expect(sheet).toBeVisible();
  await touch.send('Input.dispatchTouchEvent', { type: 'touchEnd', touchPoints: [] });
  await sheet.getByRole('button', { name: 'React with party tada' }).tap();
  await expect(sheet).toHaveCount(0);
  await expect(message(vera, 'Pressed').getByRole('button', { name: /^party tada/ })).toHaveText('🎉1');
});
