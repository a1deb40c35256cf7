import { Device } from './device';
import { ask, expect, jointDeal, test } from './stage';

interface Kept {
  key: string;
  devices: { here: boolean }[];
}

test('a browser that is closed is told what is new, sealed for it alone', async ({ enter, baseURL }) => {
  const origin = new URL(baseURL!).origin;
  const [vera, bruno] = [await enter('vera'), await enter('bruno')];
  const deal = await jointDeal(vera, bruno);
  const device = await Device.of(bruno, origin);

  await bruno.goto('/settings?part=notices');
  await expect(bruno.getByText('Nothing is told here while Entente is closed.')).toBeVisible();
  const turn = () => bruno.getByRole('switch', { name: 'Notices on this device' }).press(' ');
  await turn();
  await expect(bruno.getByText('You are told here as long as you are signed in.')).toBeVisible();
  const { key, devices } = await ask<Kept>(bruno, 'GET', '/me/push');
  expect(devices).toMatchObject([{ here: true }]);
  expect(await bruno.evaluate(() => localStorage.getItem('subscribed'))).toBe(key);

  await bruno.getByRole('button', { name: 'Try it' }).click();
  expect(await device.shows(await device.next(), origin)).toMatchObject({
    title: 'Entente',
    body: 'Notices arrive on this device.',
  });

  // Closed: what is new comes as the inbox says it, without what was said.
  await ask(bruno, 'POST', '/notifications/read', { all: true });
  await bruno.goto('about:blank');
  const { rooms, title } = deal;
  const room = rooms.find((one) => one.kind === 'main')!;
  await ask(vera, 'POST', `/rooms/${room.id}/events`, { cid: 'p1', body: 'Half the price?' });
  const news = await device.next();
  expect(news).not.toContain('Half the price');
  const shown = await device.shows(news, origin);
  expect(shown.title).toMatch(/^Atelier/);
  expect(shown.body).toBe(`Vera Lindqvist wrote in “${title}”`);

  // A touch leads to it.
  await bruno.goto(shown.url);
  await expect(bruno.getByRole('heading', { name: title })).toBeVisible();
  await expect(bruno.getByText('Half the price?')).toBeVisible();

  await bruno.goto('/settings?part=notices');
  await turn();
  await expect(bruno.getByText('Nothing is told here while Entente is closed.')).toBeVisible();
  expect((await ask<Kept>(bruno, 'GET', '/me/push')).devices).toEqual([]);
  await device.close();
});
