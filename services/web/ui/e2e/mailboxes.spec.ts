import type { Page } from '@playwright/test';
import { ask, expect, test } from './stage';

interface Mailbox {
  id: string;
  name: string;
  address: string;
  host_key: string;
  public_key: string;
}

const mailbox = async (page: Page, name: string) => {
  const { items } = await ask<{ items: Mailbox[] }>(page, 'GET', '/sftp/mailboxes');
  return items.find((one) => one.name === name)!;
};

const begin = async (page: Page, name: string, id: string) => {
  await page.goto('/edi/as2?view=sftp');
  await page.getByRole('button', { name: 'New mailbox' }).first().click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('textbox', { name: 'Partner' }).fill(name);
  await dialog.getByLabel('EDI id').fill(id);
  return dialog;
};

test('two companies connect by SFTP: one serves the mailbox, the other calls it', async ({ enter, complaints }) => {
  complaints.expected.push(/422/);
  const [olga, diego] = [await enter('olga'), await enter('diego@delmar.example')];

  // Delmar calls; it does not know yet as whom, nor by which key it knows Nordwind.
  const calls = await begin(diego, 'Nordwind mailbox', 'ZZ:NORDBOX');
  await calls.getByLabel('At the partner’s: we call it').check();
  await calls.getByRole('button', { name: 'Next' }).click();
  await calls.getByRole('textbox', { name: 'Host', exact: true }).fill('127.0.0.1');
  await calls.getByRole('textbox', { name: 'User' }).fill('nobody');
  await calls.getByRole('button', { name: 'Save' }).click();
  await expect(calls.getByRole('button', { name: 'Try the connection now' })).toBeVisible();
  const { public_key } = await mailbox(diego, 'Nordwind mailbox');
  await expect(calls.getByText(public_key)).toBeVisible();

  // Nordwind serves: it takes Delmar's key, and tells what Delmar needs.
  const serves = await begin(olga, 'Delmar mailbox', 'ZZ:DELBOX');
  await serves.getByRole('button', { name: 'Next' }).click();
  await serves.getByRole('textbox', { name: 'Their public keys' }).fill('no key');
  await serves.getByRole('button', { name: 'Save' }).click();
  await expect(serves.getByText('is no public key', { exact: false })).toBeVisible();
  await serves.getByRole('textbox', { name: 'Their public keys' }).fill(public_key);
  await serves.getByRole('button', { name: 'Save' }).click();
  await expect(serves.getByRole('button', { name: 'Try the connection now' })).toBeVisible();
  const ours = await mailbox(olga, 'Delmar mailbox');
  await expect(serves.getByText(ours.host_key)).toBeVisible();
  await serves.getByRole('button', { name: 'Try the connection now' }).click();
  await expect(serves.getByRole('status')).toHaveText('The connection does not work yet.');
  await expect(serves.getByText('the partner has not signed in yet', { exact: false })).toBeVisible();

  // The test shows the key of the server, to be compared, and speaks to nobody before it is agreed.
  await calls.getByRole('button', { name: 'Back' }).click();
  const [, port] = ours.address.split(':');
  await calls.getByRole('textbox', { name: 'Port' }).fill(port);
  await calls.getByRole('textbox', { name: 'User' }).fill(ours.id);
  await calls.getByRole('button', { name: 'Save' }).click();
  await calls.getByRole('button', { name: 'Try the connection now' }).click();
  await expect(calls.getByText(`the server's key is ${ours.host_key}`, { exact: false })).toBeVisible();
  await calls.getByRole('button', { name: 'Back' }).click();
  await calls.getByRole('textbox', { name: 'Their host keys' }).fill(ours.host_key);
  await calls.getByRole('button', { name: 'Save' }).click();
  await calls.getByRole('button', { name: 'Try the connection now' }).click();
  await expect(calls.getByRole('status')).toHaveText('The connection works.');
  await serves.getByRole('button', { name: 'Try the connection now' }).click();
  await expect(serves.getByRole('status')).toHaveText('The connection works.');
  await serves.getByRole('button', { name: 'Done' }).click();
  await expect(olga.getByRole('row').getByText('Delmar mailbox')).toBeVisible();
  await olga.getByText('Files', { exact: true }).click();
  await expect(olga.getByText('No file came or went yet')).toBeVisible();
});
