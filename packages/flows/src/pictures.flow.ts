import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Locator, Page } from '@playwright/test';
import { expect, test } from './fixtures.ts';
import { fillRule, openFirewall, openInstanceMenu, openReview, openRuleForm, submitRule } from './verbs.ts';

/**
 * The pictures of docs/guide.md. Their points differ from one machine to the next, so what is held is what stands in
 * them: the headings, buttons and fields, kept beside each picture. `npm run flows -- pictures` with MORU_PICTURES=1
 * takes them anew.
 */
const folder = fileURLToPath(new URL('../../../docs/pictures/', import.meta.url));

/** Words that a reader is told to look for; figures and addresses are of the day. */
async function labelsOf(part: Locator): Promise<string[]> {
  const shown = ':is(h1, h2, h3, button, label, th, [role="menuitem"])';
  const all = await part.locator(shown).all();
  const names = await Promise.all(
    all.map(async (each) => (await each.getAttribute('aria-label')) ?? (await each.textContent()) ?? ''),
  );
  const plain = names.map((name) =>
    name
      .replace(/\s+/g, ' ')
      .replace(/\d[\d.,:]*/g, '#')
      .trim(),
  );
  return [...new Set(plain)].filter(Boolean).sort();
}

async function picture(page: Page, name: string, part: Locator): Promise<void> {
  await expect(part).toBeVisible();
  const file = `${folder}${name}.txt`;
  if (process.env.MORU_PICTURES === '1') {
    await page.screenshot({ path: `${folder}${name}.png`, animations: 'disabled' });
    writeFileSync(file, `${(await labelsOf(part)).join('\n')}\n`);
  }
  expect(existsSync(`${folder}${name}.png`), `there is no picture ${name}`).toBe(true);
  const kept = readFileSync(file, 'utf8').trimEnd().split('\n');
  await expect.poll(() => labelsOf(part), `${name} shows other words than its picture`).toEqual(kept);
}

test('the guide’s pictures show what the console shows', { tag: '@console' }, async ({
  page,
  signInAs,
  api,
  reset,
}) => {
  test.slow();
  await page.setViewportSize({ width: 1200, height: 760 });
  await reset();
  await signInAs('admin');
  await openInstanceMenu(page, 'web-01');
  await picture(page, 'menu', page.getByRole('menu'));
  await page.getByTestId('menu-connect').click();
  await picture(page, 'connect', page.getByTestId('connect-dialog'));
  await page.keyboard.press('Escape');
  await openFirewall(page, api.idOf('web-01'));
  const form = await openRuleForm(page);
  await fillRule(page, form, { protocol: 'tcp', port: '80', target: 'ACCEPT' });
  await picture(page, 'rule', form);
  await submitRule(form);
  await picture(page, 'review', await openReview(page));
  await page.goto(`/instances/${api.idOf('web-02')}/routing`);
  await expect(page.getByTestId('way-out')).toBeVisible();
  await picture(page, 'routing', page.getByTestId('gateways'));
  await reset();
});
