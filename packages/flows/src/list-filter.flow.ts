import { readFile, rm } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { startInstallation } from '@moru/stack';
import { expect, test } from './fixtures.ts';
import { expectEnglishOnly } from './testing/english.ts';
import { signInByApi } from './testing/sign-in.ts';
import { instanceRow, tabTo } from './verbs.ts';

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

test('the list is filtered by properties, whose state is its address', {
  tag: ['@instances', '@a11y'],
}, async ({ page, signInAs, outside, expectAccessible }) => {
  await outside.resetHost('web-01');
  await signInAs('reader');
  const rows = page.getByTestId('instance-row');
  await expect(instanceRow(page, 'batch-01')).toBeVisible();
  const all = await rows.count();

  // by keyboard alone
  const add = page.getByTestId('add-filter');
  await tabTo(page, add);
  await page.keyboard.press('Enter');
  const popover = page.getByTestId('filter-popover');
  const stopped = popover.getByRole('checkbox', { name: /Stopped/ });
  await expect(stopped).toBeVisible();
  await expect(popover.getByRole('searchbox')).toBeFocused();
  await expectAccessible();
  await tabTo(page, stopped);
  await page.keyboard.press('Space');
  await expect(rows).toHaveCount(1);
  await expect(page).toHaveURL(/[?&]status=stopped/);
  await expect(popover.getByText('1개가 맞습니다')).toBeVisible();
  await tabTo(page, popover.getByRole('checkbox', { name: /Active/ }));
  await page.keyboard.press('Space');
  await expect(rows).toHaveCount(all);
  await page.keyboard.press('Escape');
  await expect(add).toBeFocused();

  // several properties hold together; a page that is loaded anew is the same
  await add.click();
  await popover.getByRole('searchbox').fill('front');
  await popover.getByRole('checkbox', { name: /front/ }).check();
  await popover.getByRole('searchbox').fill('');
  await popover.getByRole('checkbox', { name: /Active/ }).uncheck();
  await page.keyboard.press('Escape');
  await expect(rows).toHaveCount(1);
  await expect(page.getByTestId('filter-subnet')).toContainText('front');
  await expect(page.getByTestId('filter-status')).toContainText('Stopped');
  await page.reload();
  await expect(rows).toHaveCount(1);
  await expect(instanceRow(page, 'batch-01')).toBeVisible();
  await expectAccessible();

  // the file has what the list shows
  const download = page.waitForEvent('download');
  await page.getByRole('button', { name: 'CSV' }).click();
  const text = await readFile(await (await download).path(), 'utf8');
  expect(text.trim().split('\r\n')).toHaveLength(2);

  // text beside them, and nothing left: said, with the way back
  await page.getByRole('searchbox').fill('web');
  await expect(page.getByText('조건에 맞는 Instance가 없습니다')).toBeVisible();
  await expectAccessible();
  await page.getByRole('button', { name: '필터 모두 지우기' }).click();
  await expect(page.getByTestId('filter-status')).toBeHidden();
  await expect(rows).toHaveCount(2);
  await expect(page.getByRole('searchbox')).toHaveValue('web');

  // what a host is heard to be; a chip opens its own property, and its cross takes it away
  await page.goto('/instances?firewall=open&firewall=ajar&q=web');
  await expect(instanceRow(page, 'web-01')).toBeVisible();
  await expect(page.getByTestId('filter-firewall')).toContainText('모두 열림');
  // the agent is reached all the same
  await outside.onHost('web-01', 'iptables', '-A', 'INPUT', '-p', 'tcp', '-j', 'ACCEPT');
  await outside.onHost('web-01', 'iptables', '-P', 'INPUT', 'DROP');
  await expect(instanceRow(page, 'web-01')).toBeHidden({ timeout: 90_000 });
  await outside.resetHost('web-01');
  await page.getByTestId('filter-firewall').getByRole('button').first().click();
  const open = popover.getByRole('checkbox', { name: /모두 열림/ });
  await expect(popover.getByRole('region', { name: '방화벽' }).getByRole('checkbox').first()).toBeFocused();
  // a section that comes back while something is looked for leaves the focus where it is
  const looked = popover.getByRole('searchbox');
  await looked.fill('zz');
  await expect(open).toBeHidden();
  await looked.fill('');
  await expect(open).toBeVisible();
  await expect(looked).toBeFocused();
  // without its last value the chip goes, and what was opened by it stays where it is
  const before = await popover.boundingBox();
  await open.uncheck();
  await expect(page.getByTestId('filter-firewall')).toBeHidden();
  expect(await popover.boundingBox()).toMatchObject({ x: before?.x, y: before?.y });
  await page.keyboard.press('Escape');
  await expect(add).toBeFocused();

  await page.goto('/instances?firewall=open&q=web');
  await page.getByRole('button', { name: '방화벽 필터 지우기' }).click();
  await expect(page.getByTestId('filter-firewall')).toBeHidden();
  await expect(add).toBeFocused();
  await expect(page).not.toHaveURL(/firewall=/);

  await page.getByRole('button', { name: '언어: 한국어' }).click();
  await page.getByRole('menuitemradio', { name: 'English' }).click();
  await page.goto('/instances?publicIp=without&status=active');
  await expect(page.getByTestId('filter-publicIp')).toContainText('None');
  await add.click();
  await expect(popover.getByRole('checkbox').first()).toBeVisible();
  await expectEnglishOnly(page);
  await page.setViewportSize({ width: 390, height: 844 });
  await expectAccessible();
});

test('pages have the size of the address, and a longer list is paged through', { tag: '@instances' }, async ({
  browser,
  expectAccessible,
}) => {
  test.slow();
  // of its own: with simulated hosts, which cost nothing, so that there are more than fit a page
  const root = fileURLToPath(new URL('../../../.moru', import.meta.url));
  const many = await startInstallation(
    {
      name: `many-${process.pid}`,
      port: 0,
      fresh: true,
      hosts: 'simulated',
      root,
      faults: false,
      attachMs: 700,
      instances: 71,
    },
    () => {},
  );
  const context = await browser.newContext();
  try {
    const page = await context.newPage();
    await page.goto(many.url);
    await signInByApi(context, page, many.url, { seededAccount: 'reader' });
    await page.goto(`${many.url}/instances?size=20&sort=name`);
    const rows = page.getByTestId('instance-row');
    await expect(rows).toHaveCount(20);
    const pages = page.getByRole('navigation', { name: '쪽' });
    await expect(pages).toContainText('75개 중 1–20');
    const first = await rows.first().textContent();
    await pages.getByRole('button', { name: '다음' }).click();
    await expect(page).toHaveURL(/page=2/);
    await expect(pages).toContainText('75개 중 21–40');
    await expect.poll(() => rows.first().textContent()).not.toBe(first);
    await expectAccessible(page);
    // another size begins at the first page, and the usual one leaves the address as it was
    await pages.getByTestId('page-size').click();
    await expectAccessible(page);
    await page.getByRole('menuitemradio', { name: '100개' }).click();
    await expect(rows).toHaveCount(75);
    await expect(page).toHaveURL(/size=100/);
    await expect(page).not.toHaveURL(/page=/);
    await page.reload();
    await expect(rows).toHaveCount(75);
    await pages.getByTestId('page-size').click();
    await page.getByRole('menuitemradio', { name: '50개' }).click();
    await expect(rows).toHaveCount(50);
    await expect(page).not.toHaveURL(/size=/);
    // one that is not offered is the usual one
    await page.goto(`${many.url}/instances?size=33`);
    await expect(rows).toHaveCount(50);
    // rows below the first screen are drawn a moment later, in their places
    await page.getByRole('searchbox').fill('bms');
    await expect(pages).toContainText('71개 중 1–50');
    await expect(rows).toHaveCount(50);
    const names = await rows.locator('th').allTextContents();
    expect(names).toEqual(names.toSorted());
    // an answer that takes its time is seen to be awaited, while a list of more than a page stands as it is
    await page.getByRole('button', { name: '지우기' }).click();
    await expect(pages).toContainText('75개 중 1–50');
    const standing = await rows.locator('th').allTextContents();
    await page.route(/\/api\/instances\?.*q=b&/, () => {});
    const givenUp = page.waitForEvent('requestfailed', (request) => request.url().includes('q=b&'));
    await page.getByRole('searchbox').pressSequentially('b');
    await expect(page.getByRole('table')).toHaveAttribute('aria-busy', 'true');
    expect(await rows.locator('th').allTextContents()).toEqual(standing);
    // and the next key gives up what nobody waits for any more
    await page.getByRole('searchbox').pressSequentially('ms');
    await givenUp;
    await expect(pages).toContainText('71개 중 1–50');
    await expect(page.getByRole('table')).toHaveAttribute('aria-busy', 'false');
    await expect(rows).toHaveCount(50);
    // two keys within a moment: the first one's answer is not waited for either
    await page.getByRole('button', { name: '지우기' }).click();
    await expect(pages).toContainText('75개 중 1–50');
    const givenUpAtOnce = page.waitForEvent('requestfailed', (request) => request.url().includes('q=b&'));
    await page.getByRole('searchbox').evaluate((field: HTMLInputElement) => {
      field.focus();
      document.execCommand('insertText', false, 'b');
      setTimeout(() => document.execCommand('insertText', false, 'ms'), 60);
    });
    await givenUpAtOnce;
    await expect(pages).toContainText('71개 중 1–50');
    await expect(rows).toHaveCount(50);
    // and who comes back finds the list where it was left
    const last = rows.last().getByRole('link');
    await last.scrollIntoViewIfNeeded();
    await last.click();
    await expect(page).toHaveURL(/instances\/[0-9a-f-]{36}/);
    await page.goBack();
    await expect(last).toHaveText(names.at(-1) ?? '');
    await expect(last).toBeInViewport();
  } finally {
    await context.close();
    await many.close();
    await rm(many.folders.base, { recursive: true, force: true });
  }
});
