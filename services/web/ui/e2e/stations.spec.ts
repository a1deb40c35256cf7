import type { Page } from '@playwright/test';
import { ask, expect, test } from './stage';

const pictures = async (page: Page, name: string) => {
  const folder = process.env.ENTENTE_PICTURES;
  if (!folder) return;
  await page.screenshot({ path: `${folder}/${name}.png` });
  await page.emulateMedia({ colorScheme: 'dark' });
  await page.screenshot({ path: `${folder}/${name}-dark.png` });
  await page.emulateMedia({ colorScheme: 'light' });
  await page.setViewportSize({ width: 390, height: 844 });
  await page.screenshot({ path: `${folder}/${name}-phone.png` });
  await page.setViewportSize({ width: 1280, height: 800 });
};

interface Station {
  url: string;
  keys: { certificate: { pem: string } }[];
}

const named = async (page: Page, name: string) => {
  await page.goto('/edi/as2');
  await page.getByLabel('AS2 name').fill(name);
  await page.getByRole('button', { name: 'Set the station up' }).click();
  await expect(page.getByText('No trading partners yet')).toBeVisible();
  return ask<Station>(page, 'GET', '/as2/station');
};

const trades = async (page: Page, name: string, id: string, station: Station) => {
  await page.getByRole('button', { name: 'New trading partner' }).first().click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Their AS2 name').fill(name);
  await dialog.getByLabel('EDI id').fill(id);
  await dialog.getByLabel('Address').fill(station.url);
  await dialog.getByRole('button', { name: 'Next' }).click();
  await dialog.locator('input[type=file]').setInputFiles({
    name: 'partner.crt',
    mimeType: 'application/x-x509-ca-cert',
    buffer: Buffer.from(station.keys[0].certificate.pem),
  });
  await expect(dialog.getByRole('textbox', { name: 'Certificates' })).toHaveValue(/BEGIN CERTIFICATE/);
  await dialog.getByRole('button', { name: 'Next' }).click();
  await dialog.getByRole('button', { name: 'Save' }).click();
  await dialog.getByRole('button', { name: 'Send a test message now' }).click();
  return dialog;
};

test('two companies connect their stations, and a test message proves it', async ({ enter, complaints }) => {
  const [olga, diego] = [await enter('olga'), await enter('diego@delmar.example')];
  const [nordwind, delmar] = [await named(olga, 'NORDWIND-EDI'), await named(diego, 'DELMAR-EDI')];

  // Delmar does not know Nordwind yet, and says so.
  const first = await trades(olga, 'DELMAR-EDI', 'ZZ:DELMAR', delmar);
  await expect(first.getByRole('status')).toHaveText('The connection does not work yet.');
  await expect(first.getByText('404 Not Found', { exact: false })).toBeVisible();
  const second = await trades(diego, 'NORDWIND-EDI', 'ZZ:NORDWIND', nordwind);
  await expect(second.getByRole('status')).toHaveText('The connection works.');
  await first.getByRole('button', { name: 'Send a test message now' }).click();
  await expect(first.getByRole('status')).toHaveText('The connection works.');
  await first.getByRole('button', { name: 'Done' }).click();

  // What came is listed, with what proves it.
  await olga.getByRole('main').getByText('Messages', { exact: true }).click();
  await expect(olga.getByRole('row').getByText('Taken')).toBeVisible();
  const download = olga.waitForEvent('download');
  await olga.getByRole('link', { name: 'Proof' }).click();
  expect((await download).suggestedFilename()).toMatch(/^asm_.*\.tar$/);

  // A new key signs; Delmar, who does not know it yet, is told so, and once it does it works again.
  await olga.getByText('Our station', { exact: true }).click();
  await olga.getByRole('button', { name: 'New key' }).click();
  await expect(olga.getByText('still decrypts')).toBeVisible();
  await second.getByRole('button', { name: 'Send a test message now' }).click();
  await expect(second.getByText('The signature is not that of this partner', { exact: false })).toBeVisible();
  await second.getByRole('button', { name: 'Done' }).click();
  await diego.getByRole('row').getByRole('button', { name: 'NORDWIND-EDI' }).click();
  const panel = diego.getByRole('complementary', { name: 'NORDWIND-EDI' });
  await panel.getByRole('button', { name: 'Change' }).click();
  const dialog = diego.getByRole('dialog');
  await dialog.getByRole('button', { name: 'Next' }).click();
  const both = await ask<Station>(olga, 'GET', '/as2/station');
  await dialog
    .getByRole('textbox', { name: 'Certificates' })
    .fill(both.keys.map((key) => key.certificate.pem).join('\n'));
  await dialog.getByRole('button', { name: 'Next' }).click();
  await dialog.getByRole('button', { name: 'Save' }).click();
  await dialog.getByRole('button', { name: 'Send a test message now' }).click();
  await expect(dialog.getByRole('status')).toHaveText('The connection works.');

  // A partner goes by several names, which are added and taken away.
  await olga.goto('/edi/as2');
  await olga.getByRole('row').getByRole('button', { name: 'DELMAR-EDI' }).click();
  const shown = olga.getByRole('complementary', { name: 'DELMAR-EDI' });
  const change = async () => {
    await shown.getByRole('button', { name: 'Change' }).click();
    return olga.getByRole('dialog');
  };
  const save = async (wizard: ReturnType<Page['getByRole']>) => {
    await wizard.getByRole('button', { name: 'Next' }).click();
    await wizard.getByRole('button', { name: 'Next' }).click();
    await wizard.getByRole('button', { name: 'Save' }).click();
  };

  // One that is no id is refused where it was typed.
  complaints.expected.push(/status of 422/);
  let names = await change();
  await names.getByRole('button', { name: 'GLN' }).click();
  await names.getByLabel('Also known as, 1').fill('14:40063 81333931');
  await names.getByRole('button', { name: 'EDIFACT' }).click();
  await names.getByLabel('Also known as, 2').fill('ZZZ:DELMAR');
  await save(names);
  await expect(names.getByRole('alert')).toContainText('is no EDI id');
  await pictures(olga, 'names-refused');
  await names.getByLabel('Also known as, 1').fill('14:4006381333931');
  await save(names);
  await names.getByRole('button', { name: 'Done' }).click();
  await expect(shown.getByText('14:4006381333931')).toBeVisible();
  await expect(shown.getByText('ZZZ:DELMAR')).toBeVisible();
  await expect(olga.getByRole('row').getByText('+2')).toBeVisible();
  await pictures(olga, 'names');

  names = await change();
  await names.getByRole('button', { name: 'Take ZZZ:DELMAR away' }).click();
  await save(names);
  await names.getByRole('button', { name: 'Done' }).click();
  await expect(shown.getByText('ZZZ:DELMAR')).toHaveCount(0);
  await expect(olga.getByRole('row').getByText('+1')).toBeVisible();
});
