import { apiPaths } from '@moru/types';
import { expect, test } from './fixtures.ts';
import type { InstallationApi } from './testing/api.ts';
import type { Outside } from './testing/outside.ts';
import { ruleRow, typeCommand } from './verbs.ts';

const name = 'web-02';
const soon = { timeout: 60_000 };

test('without an agent the tab makes commands: typed on the host they do what the draft shows', {
  tag: ['@firewall', '@a11y'],
}, async ({ page, context, signInAs, api, outside, expectAccessible }) => {
  test.slow();
  const id = api.idOf(name);
  await outside.resetHost(name);
  await api.call('POST', apiPaths.hostRevocation(id), {});
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await signInAs('admin');
  await page.goto(`/instances/${id}/firewall`);
  const generator = page.getByTestId('generator');
  await expect(generator).toContainText('에이전트가 없어 명령만 만듭니다', soon);
  await expect(page.getByRole('link', { name: '출력', exact: true })).toBeHidden();
  await expect(ruleRow(page, 1)).toContainText('sshguard');
  await expectAccessible();

  await typeCommand(page, '-A INPUT -p tcp --dport 22 -j ACCEPT');
  await typeCommand(page, '-I INPUT 2 -i lo -j ACCEPT');
  await typeCommand(page, '-P INPUT DROP');
  await expect(page.getByTestId('draft-count')).toContainText('3');
  await expect(page.getByTestId('to-review')).toBeHidden();
  await typeCommand(page, '-L');
  await expect(page.getByTestId('command-answer')).toContainText('물어볼 에이전트가 없습니다');
  await expectAccessible();
  await page.getByTestId('copy-commands').click();
  const commands = await page.evaluate(() => navigator.clipboard.readText());
  expect(commands.split('\n')).toEqual([
    'sudo iptables -A INPUT -p tcp -m tcp --dport 22 -j ACCEPT',
    'sudo iptables -I INPUT 2 -i lo -j ACCEPT',
    'sudo iptables -P INPUT DROP',
  ]);

  // as somebody at the machine's own console would
  for (const command of commands.split('\n'))
    await outside.onHost(name, 'sh', '-c', command.replace('sudo ', ''));
  expect(await outside.onHost(name, 'iptables', '-S', 'INPUT')).toBe(
    '-P INPUT DROP\n-A INPUT -j sshguard\n-A INPUT -i lo -j ACCEPT\n-A INPUT -p tcp -m tcp --dport 22 -j ACCEPT\n',
  );

  // kept as any draft, and the way to an agent
  await page.reload();
  await expect(page.getByTestId('draft-count')).toContainText('3', soon);
  await generator.getByRole('link', { name: '호스트 등록' }).click();
  await expect(page.getByTestId('enrol-dialog')).toContainText(name);
  await page.keyboard.press('Escape');

  // once there is an agent again, the same draft stands on what the host holds
  await enrolAgain(api, outside);
  await page.goto(`/instances/${id}/firewall`);
  await expect(page.getByTestId('draft-count')).toContainText('3', soon);
  await expect(page.getByTestId('to-review')).toBeVisible();
  await expect(generator).toBeHidden();
});

test.afterEach(async ({ api, outside }) => {
  if (!(await isEnrolled(api))) await enrolAgain(api, outside);
  await outside.resetHost(name);
});

async function isEnrolled(api: InstallationApi): Promise<boolean> {
  const { status } = await api.call('GET', `${apiPaths.firewall(api.idOf(name))}?family=ipv4`);
  return status === 200;
}

async function enrolAgain(api: InstallationApi, outside: Outside): Promise<void> {
  // the way to the console has to be open
  await outside.onHost(name, 'iptables', '-P', 'INPUT', 'ACCEPT');
  const { body } = await api.call('POST', apiPaths.hostTokens(api.idOf(name)), { approval: 'automatic' });
  const [, program = '', ...args] = (body as { enrolCommand: string }).enrolCommand.split(' ');
  await outside.onHost(name, program, ...args);
  await expect.poll(() => isEnrolled(api), soon).toBe(true);
}
