import { expect, test } from './fixtures.ts';
import { instanceRow } from './verbs.ts';

test('the filter shows its rows before the address follows, and loses nothing on the way', {
  tag: ['@instances', '@a11y'],
}, async ({ page, signInAs }) => {
  await signInAs('reader');
  const rows = page.getByTestId('instance-row');
  const field = page.getByRole('searchbox');
  await expect(instanceRow(page, 'web-02')).toBeVisible();
  const all = await rows.count();
  expect(all).toBeGreaterThan(2);

  // left at once by a row's link: the list one comes back to is the filtered one
  await field.fill('batch');
  await expect(rows).toHaveCount(1);
  await instanceRow(page, 'batch-01').getByRole('link', { name: 'batch-01' }).click();
  await expect(page.getByRole('heading', { name: 'batch-01' })).toBeVisible();
  await page.goBack();
  await expect(field).toHaveValue('batch');
  await expect(rows).toHaveCount(1);

  // the heading of a column, pressed before the address has followed, sorts what the filter shows
  await field.fill('web');
  await expect(rows).toHaveCount(2);
  await page.getByRole('columnheader', { name: '이름' }).getByRole('button').click();
  await expect(page).toHaveURL(/q=web/);
  await expect(page).toHaveURL(/direction=desc/);
  await expect(rows.first()).toContainText('web-02');

  // Enter leaves the field as it is
  // ids are random and of hexadecimal digits: `db` alone may be in one
  await field.fill('db-01');
  await field.press('Enter');
  await expect(page).toHaveURL(/q=db-01/);
  await expect(rows).toHaveCount(1);

  // a new filter starts on the first page, and what is too long for the address is not asked either
  await page.goto('/instances?q=web&page=2');
  await expect(field).toHaveValue('web');
  await field.fill(`web${' '.repeat(400)}`);
  await expect(rows).toHaveCount(2);
  await expect(page).not.toHaveURL(/page=/);
  await field.fill('203');
  await expect(page).toHaveURL(/q=/);
  await expect(field).toHaveValue('203');

  // an address that changes without the field
  await page.goto('/instances?q=web');
  await expect(rows).toHaveCount(2);
  await field.fill('web-0');
  await expect(page).toHaveURL(/q=web-0/);
  await page.locator('nav a[href="/instances"]').first().click();
  await expect(field).toHaveValue('');
  await expect(rows).toHaveCount(all);
  expect(new URL(page.url()).searchParams.get('q')).toBeNull();

  // typed, taken back and typed again within the time that the address waits
  await field.pressSequentially('web');
  await field.press('Backspace');
  await field.press('Backspace');
  await field.press('Backspace');
  await expect(rows).toHaveCount(all);
  await field.pressSequentially('nothing-like-it');
  await expect(page.getByText('nothing-like-it').first()).toBeVisible();
  await expect(rows).toHaveCount(0);
  await page.getByRole('button', { name: '지우기' }).click();
  await expect(rows).toHaveCount(all);
  await expect(page).not.toHaveURL(/q=/);
});
