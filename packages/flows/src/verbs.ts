import { expect, type Locator, type Page } from '@playwright/test';

/** The row of an instance in the list, by the instance's name. */
export function instanceRow(page: Page, name: string): Locator {
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
  await expect(page.getByTestId('toast').filter({ hasText: title }).first()).toBeVisible();
}

/** Opens the firewall tab of an instance by its address, and waits for its rules. */
export async function openFirewall(page: Page, instanceId: string): Promise<void> {
  await page.goto(`/instances/${instanceId}/firewall`);
  await expect(page.getByTestId('policy-row')).toBeVisible();
}

/** What the grid shows of each rule: its number and its sentence. */
export function ruleRow(page: Page, number: number): Locator {
  return page
    .getByTestId('rule-row')
    .filter({ has: page.getByRole('cell', { name: String(number), exact: true }) });
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
  if (rule.source !== undefined) await form.getByLabel('Source IP').fill(rule.source);
  if (rule.destination !== undefined) await form.getByLabel('Destination IP').fill(rule.destination);
  if (rule.port !== undefined) await form.getByLabel('Port', { exact: true }).fill(rule.port);
  if (rule.target) await choose(form, rule.target);
  if (rule.inInterface !== undefined || rule.comment !== undefined) {
    const more = form.getByText('추가 조건');
    if (!(await form.getByLabel('in-interface').isVisible())) await more.click();
  }
  if (rule.inInterface !== undefined) await form.getByLabel('in-interface').fill(rule.inInterface);
  if (rule.comment !== undefined) await form.getByLabel('설명').fill(rule.comment);
}

/** Presses the form's button and waits until the host has answered. */
export async function submitRule(page: Page, form: Locator): Promise<void> {
  await form.getByRole('button', { name: 'Rule 생성', exact: true }).click();
  await expectToast(page, 'Rule을 추가했습니다');
  await expect(form).toBeHidden();
}

/** Deletes the rule in a row by its menu and the dialog that names it. */
export async function deleteRule(page: Page, row: Locator): Promise<void> {
  const rules = page.getByTestId('rule-row');
  const before = await rules.count();
  await row.getByTestId('rule-menu').click();
  await page.getByTestId('menu-delete-rule').click();
  const dialog = page.getByTestId('delete-rule-dialog');
  await dialog.getByRole('button', { name: 'Rule 삭제' }).click();
  await expect(dialog).toBeHidden();
  await expect(rules).toHaveCount(before - 1);
}
