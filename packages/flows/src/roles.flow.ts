import { apiPaths } from '@moru/types';
import { expect, test } from './fixtures.ts';
import { installationApi } from './testing/api.ts';
import { openInstanceMenu } from './verbs.ts';

for (const role of ['member', 'reader'] as const) {
  test(`${role}: Public IP entries are disabled with the reason, and the BFF answers 403`, {
    tag: ['@public-ip', '@safety', '@a11y'],
  }, async ({ page, signInAs, api, installation, expectAccessible }) => {
    await signInAs(role);
    await openInstanceMenu(page, 'web-01');
    for (const entry of ['menu-connect', 'menu-disconnect']) {
      const item = page.getByTestId(entry);
      await expect(item).toHaveAttribute('aria-disabled', 'true');
      await expect(item).toContainText('프로젝트 관리자만 할 수 있습니다.');
      await item.click({ force: true });
    }
    await expect(page.getByTestId('connect-dialog').or(page.getByTestId('disconnect-dialog'))).toHaveCount(0);
    await expectAccessible();

    const own = await installationApi(installation.url, role);
    const nic = (await api.instance('web-01')).networkInterfaces[0]?.id ?? '';
    const path = apiPaths.interfacePublicIp(api.idOf('web-01'), nic);
    const firewall = (await own.call('GET', apiPaths.firewall(api.idOf('web-01')))).body as {
      revision: string;
    };
    const family = 'ipv4';
    const { revision } = firewall;
    const rule = { table: 'filter', chain: 'INPUT', rule: '-i lo -j ACCEPT' };
    const refused = [
      await own.call('POST', path, { mode: 'new' }),
      await own.call('DELETE', path, { publicIpId: 'any', deletePublicIp: true }),
      await own.call('POST', apiPaths.firewallChanges(api.idOf('web-01')), {
        type: 'append',
        family,
        revision,
        ...rule,
      }),
      await own.call('POST', apiPaths.firewallSave(api.idOf('web-01')), { family, revision }),
    ];
    expect(refused.map(({ status }) => status)).toEqual([403, 403, 403, 403]);
    expect(refused.map(({ body }) => (body as { code: string }).code)).toEqual(
      Array(4).fill('role.insufficient'),
    );
    expect((await api.instance('web-01')).networkInterfaces[0]?.publicIp).toBeNull();
  });
}
