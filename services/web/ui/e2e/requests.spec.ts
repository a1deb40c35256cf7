import { requestForQuote, unusedControl as control } from './papers';
import { expect, jointDeal, test } from './stage';

test('a request by EDI finds its deal, is quoted in the browser and answered by 843', async ({ enter }) => {
  const sam = await enter('sam');
  const deal = await jointDeal(await enter('vera'), await enter('bruno'));
  const number = `RFQ-${control()}`;
  await sam.goto('/edi');
  await sam.locator('input[type=file]').setInputFiles({
    name: 'request.edi',
    mimeType: 'application/edi-x12',
    buffer: Buffer.from(requestForQuote(number, control())),
  });
  await expect(sam.getByRole('heading', { name: 'Request for quote (840)', level: 1 })).toBeVisible();
  // Of the two deliveries of its line, one day is held beside the paper.
  await expect(sam.getByText('line 1: its deliveries')).toBeVisible();

  await sam.goto('/quotes');
  await sam.getByLabel(`Deal for request ${number}`).selectOption(deal.id);
  await expect(sam.getByText('The request stands in the deal now')).toBeVisible();
  await sam.goto(`/deals/${deal.id}`);
  await sam.getByRole('log').getByRole('link', { name: `Request for quote ${number}` }).click();
  await expect(sam.getByRole('heading', { name: `Request for quote ${number}` })).toBeVisible();
  await expect(sam.getByRole('link', { name: 'Acknowledgement (997)' })).toBeVisible();
  await sam.getByRole('link', { name: 'Quote it' }).click();
  await expect(sam.getByLabel('Item, line 1')).toHaveValue('W-100');
  await sam.getByLabel('Unit price, line 1').fill('12.40');
  await sam.getByRole('button', { name: 'Send', exact: true }).click();
  await expect(sam.getByText(/has it, and may answer/)).toBeVisible();

  await sam.getByRole('link', { name: 'Quote (843)' }).click();
  const segments = sam.getByRole('list', { name: 'Segments' });
  await expect(segments.locator('[data-segment]', { hasText: `BQR*00*${number}` })).toBeVisible();
  await expect(segments.locator('[data-segment]', { hasText: 'PO1*1*250*EA*12.4*' })).toBeVisible();
  await sam.goto(`/deals/${deal.id}`);
  await expect(sam.getByRole('log').getByText(/^843: /)).toBeVisible();
});
