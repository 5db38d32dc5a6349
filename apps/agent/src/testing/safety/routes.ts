import assert from 'node:assert/strict';
import type { Family, RouteEdit } from '@moru/types';
import { ownPath } from '../../routing/keep/netplan-file.ts';
import type { TestHost } from '../host.ts';

const via = { device: 'eth0', metric: null, source: null, place: 'last' } as const;

type Routes = Record<Family, string[]>;

/** As `ip route` names them, without their device; of equal IPv4 ones the first wins. */
export const oldRoutes: Routes = {
  ipv4: ['default via 10.0.0.1 metric 100', 'default via 10.0.0.9 metric 100', '203.0.113.0/24 via 10.0.0.1'],
  ipv6: ['2001:db8:1::/48 via fd00::1', 'default via fd00::1 metric 100'],
};

export const wantedRoutes: Routes = {
  ipv4: ['default via 10.0.0.9 metric 100', '198.51.100.0/24 via 10.0.0.1', '203.0.113.0/24 via 10.0.0.1'],
  ipv6: ['2001:db8:1::/48 via fd00::1', 'default via fd00::9 metric 100'],
};

/** From the old ones to the wanted ones, both families in one change. */
export const routeEdits: RouteEdit[] = [
  { type: 'keepDefault', family: 'ipv4', gateway: '10.0.0.9', device: 'eth0' },
  { type: 'add', family: 'ipv4', destination: '198.51.100.0/24', gateway: '10.0.0.1', ...via },
  { type: 'add', family: 'ipv6', destination: 'default', gateway: 'fd00::9', ...via, metric: 100 },
  { type: 'keepDefault', family: 'ipv6', gateway: 'fd00::9', device: 'eth0' },
];

const flags: Record<Family, string> = { ipv4: '-4', ipv6: '-6' };
const families = ['ipv4', 'ipv6'] as const;

/** Puts the old routes into their place; netplan is what brings the routes of such a host at boot. */
export async function resetRoutes(host: TestHost): Promise<void> {
  const text = 'network:\n  ethernets:\n    eth0:\n      addresses: [10.0.0.2/24]\n';
  await host.run(
    'sh',
    ['-c', `mkdir -p /etc/netplan && rm -f ${ownPath} && cat > /etc/netplan/50.yaml`],
    text,
  );
  await host.run('ip', ['address', 'replace', 'fd00::2/64', 'dev', 'eth0', 'nodad']);
  for (const family of families) {
    await host.run('ip', [flags[family], 'route', 'flush', 'proto', 'boot']);
    const lines = oldRoutes[family].map((route) => `route append ${route} dev eth0\n`);
    const { exitCode, stderr } = await host.run('ip', [flags[family], '-batch', '-'], lines.join(''));
    assert.equal(exitCode, 0, stderr);
  }
}

/** Throws unless the host has those routes, and its boot files say so once the new ones were to be kept. */
export async function assertRoutes(host: TestHost, wanted: Routes, kept: boolean): Promise<void> {
  for (const family of families) {
    const { stdout } = await host.run('ip', [flags[family], 'route', 'show', 'proto', 'boot']);
    const lines = stdout
      .split('\n')
      .map((line) => line.replace(/ dev eth0| pref medium| metric 1024/g, '').trim());
    assert.deepEqual(
      lines.filter((line) => line !== ''),
      wanted[family],
    );
  }
  const file = await host.run('cat', [ownPath]);
  assert.equal(file.exitCode, kept ? 0 : 1, `${ownPath} ${file.stderr}`);
  if (kept) assert.match(file.stdout, /198\.51\.100\.0\/24/);
}
