import { deliver } from './mail';
import { ask, expect, test } from './stage';

const order = (id: string) =>
  [
    `ISA*00*          *00*          *ZZ*${id.padEnd(15)}*ZZ*NORDWIND       *261122*1200*U*00401*000000001*0*P*>~`,
    `GS*PO*${id}*NORDWIND*20261122*1200*1*X*004010~`,
    'ST*850*0001~',
    'BEG*00*SA*MAIL-1**20261120~',
    'CUR*BY*EUR~',
    'N1*BY*Kaisen*92*D1~',
    'PO1*1*3*EA*4.15**VP*A-1~',
    'CTT*1~',
    'SE*7*0001~',
    'GE*1*1~',
    'IEA*1*000000001~',
  ].join('\r\n');

test('a company that has nothing but mail becomes a partner, and its order is let in', async ({ enter, complaints }) => {
  complaints.expected.push(/422/);
  const olga = await enter('olga');
  await olga.goto('/edi/as2?view=mail');
  await olga.getByRole('button', { name: 'New partner by e-mail' }).first().click();
  const dialog = olga.getByRole('dialog');
  await dialog.getByRole('textbox', { name: 'Partner' }).fill('Kaisen');
  await dialog.getByLabel('EDI id').fill('ZZ:KAISEN');
  await dialog.getByLabel('Their address').fill('erp@kaisen.example');
  await dialog.getByLabel('Who else may send for them').fill('kaisen');
  await dialog.getByRole('button', { name: 'Save' }).click();
  await expect(dialog.getByText('is neither a mail address nor a domain', { exact: false })).toBeVisible();
  await dialog.getByLabel('Who else may send for them').fill('@edi.kaisen.example');
  await dialog.getByRole('button', { name: 'Save' }).click();
  await dialog.getByRole('button', { name: 'Send a test mail now' }).click();
  // The demo has no relay, and says so.
  await expect(dialog.getByText('this hub has no relay for its mail', { exact: false })).toBeVisible();
  await expect(dialog.getByRole('status')).toHaveText('The connection does not work yet.');
  const { items } = await ask<{ items: { ours: string }[] }>(olga, 'GET', '/mailing/partners');
  await expect(dialog.getByText(items[0]!.ours)).toBeVisible();
  await dialog.getByRole('button', { name: 'Done' }).click();
  await expect(olga.getByRole('button', { name: 'Kaisen', exact: true })).toBeVisible();

  // Nothing proves who sent it, so it waits for one of us.
  const head = 'From: erp@kaisen.example\r\nSubject: Order\r\nMessage-ID: <1@kaisen.example>\r\n\r\n';
  await deliver('erp@kaisen.example', items[0]!.ours, head + order('KAISEN'));
  await olga.getByText('Mailed files', { exact: true }).click();
  const row = olga.getByRole('row').filter({ hasText: 'Waits for you' });
  await expect(row).toBeVisible({ timeout: 15_000 });
  await row.click();
  await expect(olga.getByText('nothing proves that it is from its sender', { exact: false }).first()).toBeVisible();
  await olga.getByRole('button', { name: 'Let in' }).click();
  await expect(olga.getByRole('row').filter({ hasText: 'Taken' })).toBeVisible({ timeout: 15_000 });
  await olga.getByRole('row').filter({ hasText: 'Taken' }).click();
  await expect(olga).toHaveURL(/\/edi\/ich_/);
  await expect(olga.getByText('ZZ:KAISEN').first()).toBeVisible();
});
