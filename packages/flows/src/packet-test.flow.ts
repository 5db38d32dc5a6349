import { expect, test } from './fixtures.ts';
import { choose, openFirewall, typeCommand } from './verbs.ts';

const host = 'web-02';

test.beforeEach(({ outside }) => outside.resetHost(host));

test('a packet’s way through the running rules and through the draft, each stop a link to its rule', {
  tag: ['@firewall', '@a11y'],
}, async ({ page, signInAs, api, outside, expectAccessible }) => {
  const onHost = (...words: string[]) => outside.onHost(host, 'iptables', ...words);
  await onHost('-A', 'INPUT', '-p', 'tcp', '--dport', '8080', '-j', 'REJECT');
  await onHost('-A', 'INPUT', '-p', 'tcp', '--dport', '25', '-m', 'limit', '--limit', '1/s', '-j', 'DROP');
  await signInAs('admin');
  await openFirewall(page, api.idOf(host));
  await page.getByRole('link', { name: '패킷 테스트' }).click();
  const form = page.getByTestId('packet-form');
  const result = page.getByTestId('packet-result');
  const port = form.getByRole('textbox', { name: 'Port', exact: true });
  // what is judged before anybody asked is called an example
  await expect(form.getByTestId('packet-example')).toContainText('203.0.113.7');
  await expect(result).toContainText('보기 패킷');
  await port.fill('8080');
  await expect(form.getByTestId('packet-example')).toBeHidden();
  await expect(result).not.toContainText('보기 패킷');
  await expect(result).toHaveAttribute('data-verdict', 'reject');
  await expect(result).toContainText('icmp-port-unreachable');
  await expect(result.getByTestId('packet-way')).toContainText('INPUT 2번 Rule');
  await expectAccessible();

  // where it turns on what nobody can know, both ends are shown
  await port.fill('25');
  await expect(result).toHaveAttribute('data-verdict', 'unknown');
  await expect(result.getByTestId('packet-way')).toHaveCount(2);
  await expectAccessible();

  await port.fill('99999');
  await expect(form.getByText('Port는 0부터 65535까지입니다.')).toBeVisible();
  await port.fill('8080');

  // the draft lets it in, the host does not yet
  await typeCommand(page, '-D INPUT 2');
  await expect(result).toHaveAttribute('data-verdict', 'accept');
  await expect(result).toContainText('기본정책 ACCEPT');
  await choose(form, '지금 Rule');
  await expect(result).toHaveAttribute('data-verdict', 'reject');
  await result.getByRole('link', { name: 'INPUT 2번 Rule' }).click();
  await expect(page.getByTestId('policy-row')).toBeVisible();
});
