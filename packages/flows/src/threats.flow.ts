import { apiPaths } from '@moru/types';
import { expect, test } from './fixtures.ts';
import { installationApi } from './testing/api.ts';
import { fillRule, openFirewall, openReview, openRuleForm, startTrial, submitRule } from './verbs.ts';

const hostile = '"><img src=x onerror=alert(1)>';
// as long as the kernel lets an interface's name be, and iptables a chain's
const hostileDevice = '"><b>eth9<u>';
const hostileChain = '<img_src=x_onerror=alert(1)>';

test('T6: names that a host, a log line or a person made up are shown as they are, and nothing of them runs', {
  tag: '@safety',
}, async ({ page, installation, api, outside, signInAs }) => {
  test.slow();
  await outside.resetHost('web-02');
  await outside.onHost('web-02', 'ip', 'link', 'add', hostileDevice, 'type', 'veth', 'peer', 'name', 'peer9');
  for (const device of [hostileDevice, 'peer9'])
    await outside.onHost('web-02', 'ip', 'link', 'set', device, 'up');
  await outside.onHost('web-02', 'ip', 'route', 'add', '192.0.2.0/24', 'dev', hostileDevice);
  await outside.onHost('web-02', 'iptables', '-N', hostileChain);
  await outside.onHost(
    ...(['web-02', 'iptables', '-A', 'INPUT', '-i', 'lo', '-m', 'comment', '--comment', hostile] as const),
    ...['-j', hostileChain],
  );
  const id = api.idOf('web-02');
  expect((await api.call('PUT', apiPaths.instance(id), { description: hostile })).status).toBe(204);
  const reader = await installationApi(installation.url, 'reader');
  expect((await reader.call('POST', apiPaths.instanceStart(hostile))).status).toBe(403);

  const dialogs: string[] = [];
  page.on('dialog', (dialog) => {
    dialogs.push(dialog.message());
    void dialog.dismiss();
  });
  await signInAs('admin');
  const seen = async () => (await page.locator('main').textContent()) ?? '';
  const visit = async (path: string, shows?: string) => {
    await page.goto(path);
    await expect(page.getByRole('main')).toBeVisible();
    if (shows) await expect.poll(seen).toContain(shows);
    await expect(page.locator('img[src="x"], b:text-is("eth9"), u')).toHaveCount(0);
  };
  await visit('/instances');
  await visit(`/instances/${id}/network`);
  await visit(`/instances/${id}/routing`, hostileDevice);
  await visit(`/instances/${id}/firewall`, hostile);
  await visit(`/instances/${id}/firewall?chain=${encodeURIComponent(hostileChain)}`, hostileChain);
  await visit(`/instances/${id}/firewall/output?kind=save`);
  await visit('/activity?q=onerror', 'onerror');
  await page
    .getByTestId('activity-row')
    .first()
    .getByRole('button', { name: /^자세히/ })
    .click();
  await expect(page.getByTestId('activity-details')).toContainText('onerror');
  await visit('/hosts', 'web-02');
  await visit('/public-ips');
  await visit('/sessions');
  expect(dialogs).toEqual([]);

  await api.call('PUT', apiPaths.instance(id), { description: '' });
  await outside.resetHost('web-02');
  await outside.onHost('web-02', 'ip', 'link', 'del', hostileDevice);
});

test('T8: a change that was captured and is sent again has no second effect; one for older rules is refused', {
  tag: '@safety',
}, async ({ page, installation, api, outside, signInAs }) => {
  test.slow();
  await outside.resetHost('web-01');
  await signInAs('admin');
  const id = api.idOf('web-01');
  await openFirewall(page, id);
  const form = await openRuleForm(page);
  await fillRule(page, form, { protocol: 'tcp', port: '8081', target: 'DROP' });
  await submitRule(form);
  const starts = page.waitForRequest(
    (request) =>
      request.method() === 'POST' && new URL(request.url()).pathname === apiPaths.instanceTrials(id),
  );
  await startTrial(page, await openReview(page));
  const captured = (await starts).postDataJSON() as { key: string };
  const path = apiPaths.instanceTrials(id);
  const first = (await api.call('GET', apiPaths.currentTrial(id))).body as {
    trial: { trial: { id: string } };
  };

  // whoever has the request needs a session as well: here one of the same person
  const again = await api.call('POST', path, captured);
  expect(again.body).toMatchObject({ key: captured.key, trial: { id: first.trial.trial.id } });
  const rules = await outside.onHost('web-01', 'iptables', '-S', 'INPUT');
  expect(rules.match(/--dport 8081/g)).toHaveLength(1);
  const other = await api.call('POST', path, { ...captured, note: 'another request under the same key' });
  expect(other.status).toBe(409);

  const nobody = await fetch(new URL(path, installation.url), {
    method: 'POST',
    headers: { 'x-moru-request': '1', origin: installation.url, 'content-type': 'application/json' },
    body: JSON.stringify(captured),
  });
  expect(nobody.status).toBe(401);

  await api.call('POST', apiPaths.trialRevert(id, first.trial.trial.id), {});
  await expect.poll(() => outside.onHost('web-01', 'iptables', '-S', 'INPUT')).not.toContain('8081');
  // what it was made for is there no more
  await outside.onHost('web-01', 'iptables', '-A', 'INPUT', '-s', '192.0.2.9', '-j', 'DROP');
  const old = await api.call('POST', path, { ...captured, key: `${captured.key.slice(0, 30)}-later` });
  expect(old.status).toBe(409);
  // the host has answered the first one for good: sent once more, it begins nothing
  await api.call('POST', path, captured);
  expect(await outside.onHost('web-01', 'iptables', '-S', 'INPUT')).not.toContain('8081');
  await outside.resetHost('web-01');
});
