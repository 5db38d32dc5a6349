import { expect, type Locator, type Page } from '@playwright/test';
import { instanceName } from './target.ts';

/** The row of an instance in the list, by the instance's name or by the one that it stands in for. */
export function instanceRow(page: Page, wanted: string): Locator {
  const name = instanceName(wanted);
  return page.getByTestId('instance-row').filter({ has: page.getByRole('rowheader', { name, exact: true }) });
}

/** Opens 「더 보기」 of an instance in the list. */
export async function openInstanceMenu(page: Page, name: string): Promise<void> {
  await instanceRow(page, name).getByTestId('instance-menu').click();
  await expect(page.getByRole('menu')).toBeVisible();
}

/** Presses a radio button or a checkbox by its words: the box itself is hidden under the drawn one. */
export async function choose(scope: Locator, words: string): Promise<void> {
  await scope.locator('label').filter({ hasText: words }).click();
}

/** A toast with this title; toasts are what tells of an outcome. */
export async function expectToast(page: Page, title: string): Promise<void> {
  // as a list: where another one came instead, the failure says which
  await expect(page.getByTestId('toast')).toContainText([title]);
}

/** Opens the firewall tab of an instance by its address, and waits for its rules. */
export async function openFirewall(page: Page, instanceId: string): Promise<void> {
  await page.goto(`/instances/${instanceId}/firewall`);
  await expect(page.getByTestId('policy-row')).toBeVisible();
}

/** The row of a rule by the number that the grid gives it. */
export function ruleRow(page: Page, number: number): Locator {
  return page.locator(`[data-testid="rule-row"][data-id="${number}"]`);
}

export interface RuleInput {
  source?: string;
  destination?: string;
  protocol?: 'tcp' | 'udp' | 'icmp';
  port?: string;
  target?: 'ACCEPT' | 'DROP' | 'REJECT';
  inInterface?: string;
  comment?: string;
}

/** Opens the form of 「Rule 생성」; `label` is the button's words in another language. */
export async function openRuleForm(page: Page, label = 'Rule 생성'): Promise<Locator> {
  await page.getByRole('button', { name: label, exact: true }).first().click();
  const form = page.getByTestId('rule-form');
  await expect(form).toBeVisible();
  return form;
}

/** Fills the form's fields; those not named stay as they are. */
export async function fillRule(page: Page, form: Locator, rule: RuleInput): Promise<void> {
  if (rule.protocol) {
    await form.getByRole('button', { name: 'Protocol' }).click();
    await page.getByRole('option', { name: rule.protocol, exact: true }).click();
  }
  const field = (name: string) => form.getByRole('textbox', { name, exact: true });
  if (rule.source !== undefined) await field('Source IP').fill(rule.source);
  if (rule.destination !== undefined) await field('Destination IP').fill(rule.destination);
  if (rule.port !== undefined) await field('Port').fill(rule.port);
  if (rule.target) await choose(form, rule.target);
  if (rule.inInterface !== undefined || rule.comment !== undefined) {
    if (!(await field('in-interface').isVisible())) await form.getByText('추가 조건').click();
  }
  if (rule.inInterface !== undefined) await field('in-interface').fill(rule.inInterface);
  if (rule.comment !== undefined) await field('설명').fill(rule.comment);
}

/** Presses the form's button: the rule becomes a step of the draft. */
export async function submitRule(form: Locator): Promise<void> {
  await form.getByRole('button', { name: '초안에 반영', exact: true }).click();
  await expect(form).toBeHidden();
}

/** Deletes the rule in a row by its menu: in the draft. */
export async function deleteRule(page: Page, row: Locator): Promise<void> {
  await row.getByTestId('rule-menu').click();
  await page.getByTestId('menu-delete-rule').click();
  await expect(page.getByRole('menu')).toBeHidden();
}

/** Waits until a reload would lose nothing of the draft. */
export async function expectDraftKept(page: Page): Promise<void> {
  await expect(page.getByTestId('draft-kept')).toHaveAttribute('data-state', 'kept');
}

/** Types a command into the command bar: a step of the draft. */
export async function typeCommand(page: Page, command: string): Promise<void> {
  const bar = page.getByTestId('command-bar');
  await bar.fill(command);
  await bar.press('Enter');
  await expect(bar).toHaveValue('');
}

/** Replaces the grid by the table as text, or the other way round. */
export async function switchText(page: Page, on: boolean): Promise<void> {
  const mode = page.getByRole('switch', { name: '텍스트' });
  if ((await mode.isChecked()) !== on) await page.locator('label').filter({ has: mode }).click();
  await expect(page.getByTestId(on ? 'text-editor' : 'policy-row')).toBeVisible();
}

/** What the text editor holds; only of texts that fit on the screen. */
export async function writtenText(page: Page): Promise<string> {
  return (await page.getByTestId('text-editor').locator('.cm-line').allTextContents()).join('\n');
}

/** Replaces what the text editor holds by pasting over all of it. */
export async function writeText(page: Page, text: string): Promise<void> {
  const editor = page.getByTestId('text-editor');
  await editor.click();
  await page.keyboard.press('Control+a');
  await editor.evaluate((element, pasted) => {
    const clipboardData = new DataTransfer();
    clipboardData.setData('text/plain', pasted);
    const paste = { clipboardData, bubbles: true, cancelable: true };
    element.dispatchEvent(new ClipboardEvent('paste', paste));
  }, text);
}

/** Changes the table's text and applies it to the draft. */
export async function editText(page: Page, edit: (text: string) => string): Promise<void> {
  await switchText(page, true);
  await writeText(page, edit(await writtenText(page)));
  await page.keyboard.press('Control+Enter');
  await expect(page.getByTestId('text-state')).toHaveText('초안과 같습니다.');
}

/** From the draft to the review; the host has been asked when this is done. */
export async function openReview(page: Page): Promise<Locator> {
  await page.getByTestId('to-review').click();
  const review = page.getByTestId('review');
  await expect(review).toBeVisible();
  await expect(review.getByTestId('verdict')).not.toHaveAttribute('data-state', 'checking', {
    timeout: 30_000,
  });
  return review;
}

/** Tries what the review shows; ways that cannot be told are ticked, as somebody would who knows them. */
export async function startTrial(page: Page, review: Locator): Promise<void> {
  for (const tick of await review.locator('footer').getByRole('checkbox').all())
    await tick.check({ force: true });
  await review.getByTestId('start-trial').click();
  await expect(page.getByTestId('trial-band')).toBeVisible({ timeout: 30_000 });
}

/** Says that a new session opened, and keeps the rules. */
export async function confirmTrial(page: Page): Promise<void> {
  await page.getByTestId('own-yes').click();
  const confirm = page.getByTestId('confirm-trial');
  await expect(confirm).not.toHaveAttribute('aria-disabled', 'true', { timeout: 30_000 });
  await confirm.click();
  await expect(page.getByTestId('outcome')).toHaveAttribute('data-kind', /^(saved|unsaved)$/, {
    timeout: 30_000,
  });
}

/** The whole way of a draft to its host: review, trial, confirmation, and back to the rules. */
export async function applyDraft(page: Page): Promise<void> {
  await startTrial(page, await openReview(page));
  await confirmTrial(page);
  await page.getByTestId('leave-outcome').click();
  await expect(page.getByTestId('policy-row')).toBeVisible();
  await expect(page.getByTestId('draft-bar')).toBeHidden();
}

// more than any page has between two things that a flow goes to
const mostPresses = 80;

/** Presses a key until the focus is on `target`, or on one of several, as somebody without a mouse would. */
export async function pressTo(page: Page, key: string, target: Locator): Promise<void> {
  await expect(target.first()).toBeVisible();
  const isThere = () => target.evaluateAll((nodes) => nodes.some((node) => node.matches(':focus')));
  for (let step = 0; step < mostPresses; step += 1) {
    if (await isThere()) return;
    await page.keyboard.press(key);
  }
  expect(await isThere(), `${target} within ${mostPresses} presses of ${key}`).toBe(true);
}

/** Goes to something by the Tab key alone. */
export async function tabTo(page: Page, target: Locator): Promise<void> {
  await pressTo(page, 'Tab', target);
}

/** Goes to 「더 보기」 of an instance by Tab, and presses an entry of it, by its key in the catalogue. */
export async function pressMenuEntry(page: Page, name: string, entry: string): Promise<void> {
  await tabTo(page, instanceRow(page, name).getByTestId('instance-menu'));
  await page.keyboard.press('Enter');
  await expect(page.getByTestId('menu-connect')).toBeFocused();
  await pressTo(page, 'ArrowDown', page.getByTestId(`menu-${entry}`));
  await page.keyboard.press('Enter');
}
