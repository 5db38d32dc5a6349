import type { NetworkRoute } from '@moru/types';
import { expect, it } from 'vitest';
import { parseRoutes } from '../parse-routes.ts';
import { planNetplan } from './netplan.ts';
import { ownPath } from './netplan-file.ts';

const route = (words: string): NetworkRoute => {
  const [read] = parseRoutes(`unicast ${words}`, words.includes('::') ? 'ipv6' : 'ipv4');
  if (!read) throw new Error(words);
  return read;
};
const interfaces = [
  { name: 'eth0', mac: '02:00:00:00:00:00' },
  { name: 'eth1', mac: '02:00:00:00:00:01' },
];
const leased = route('default via 10.10.0.1 dev eth1 proto dhcp src 10.10.0.5 metric 100');
const configured = route('default via 10.10.0.1 dev eth1 proto static metric 100');

const cloudInit = (eth1: string) => ({
  path: '/etc/netplan/50-cloud-init.yaml',
  text: `network:\n  version: 2\n  renderer: networkd\n  ethernets:\n    eth0:\n      dhcp4: true\n    eth1:\n${eth1}`,
});
const dhcp = cloudInit('      dhcp4: true\n');
const fixed = cloudInit(
  '      addresses: [10.10.0.5/24]\n      routes: [{to: default, via: 10.10.0.1, metric: 100}]\n',
);

const plan = (
  files: Parameters<typeof planNetplan>[0],
  deleted: NetworkRoute[],
  added: NetworkRoute[] = [],
) => planNetplan(files, { deleted, added, interfaces });
const outcomes = ({ routes }: ReturnType<typeof plan>) => routes.map(({ outcome }) => outcome);

const withoutRoutes = `# Written by Moru, anew with every change that is kept for the next boot.
# Once edited by hand it is left alone.
network:
  version: 2
  ethernets:
    "eth1":
      dhcp4-overrides:
        use-routes: false
`;

it('a lease: its routes are refused in a file beside', () => {
  expect(plan([dhcp], [leased])).toEqual({
    files: [{ path: ownPath, before: null, after: withoutRoutes }],
    byHand: [],
    routes: [{ change: 'deleted', specification: leased.specification, outcome: 'file' }],
  });
  expect(outcomes(plan([dhcp], [configured]))).toEqual(['file']);
});

it('a static route: the line to edit by hand, and no file that pretends', () => {
  expect(plan([fixed], [configured])).toMatchObject({
    files: [],
    byHand: [
      {
        path: fixed.path,
        line: 9,
        text: 'routes: [{to: default, via: 10.10.0.1, metric: 100}]',
        code: 'static',
      },
    ],
  });
  const old = cloudInit('      addresses: [10.10.0.5/24]\n      gateway4: 10.10.0.1\n');
  expect(plan([old], [configured]).byHand).toEqual([
    { path: old.path, line: 9, text: 'gateway4: 10.10.0.1', code: 'static' },
  ]);
  const other = cloudInit('      routes: [{to: default, via: 10.10.0.9}]\n');
  expect(plan([other], [configured])).toMatchObject({
    files: [],
    byHand: [],
    routes: [{ outcome: 'already' }],
  });
});

it.each([
  ['by MAC', 'match: {macaddress: "02:00:00:00:00:01"}'],
  ['by name pattern', 'match:\n        name: "e*1"'],
  ['by the name that it gets', 'match: {macaddress: "x"}\n      set-name: eth1'],
])('finds the interface %s', (_how, match) => {
  const text = `network:\n  ethernets:\n    second:\n      ${match}\n      dhcp4: yes\n`;
  expect(plan([{ path: '/etc/netplan/01.yaml', text }], [leased]).files[0]?.after).toContain(
    '    "second":\n',
  );
  const elsewhere = text
    .replace(':01"', ':02"')
    .replace('e*1', 'e*2')
    .replace('set-name: eth1', 'set-name: eth2');
  expect(outcomes(plan([{ path: '/etc/netplan/01.yaml', text: elsewhere }], [leased]))).toEqual([
    'unsupported',
  ]);
});

it('puts back what it took, and keeps what was added', () => {
  const own = { path: ownPath, text: withoutRoutes };
  const back = plan([dhcp, own], [], [leased]);
  expect(back.files[0]?.after).not.toContain('use-routes');
  const added = route('192.0.2.0/24 via 10.10.0.7 dev eth1 proto boot src 10.10.0.5');
  const more = plan([dhcp, own], [], [added]);
  expect(more.files[0]?.after).toBe(
    `${withoutRoutes}      routes:\n        - to: "192.0.2.0/24"\n          via: "10.10.0.7"\n          from: "10.10.0.5"\n`,
  );
  const kept = { path: ownPath, text: more.files[0]?.after ?? '' };
  expect(outcomes(plan([dhcp, kept], [], [added]))).toEqual(['already']);
  expect(plan([dhcp, kept], [added]).files[0]?.after).toBe(withoutRoutes);
});

it('leaves a file of ours alone that somebody has edited', () => {
  const own = { path: ownPath, text: `${withoutRoutes}# mine now\n` };
  expect(plan([dhcp, own], [leased])).toMatchObject({
    files: [],
    byHand: [{ path: ownPath, code: 'unclear' }],
  });
});

it('says which file it cannot read, and what it cannot say', () => {
  const odd = { path: '/etc/netplan/01.yaml', text: 'network: &x\n  ethernets: {}\n' };
  expect(plan([odd], [leased])).toMatchObject({
    byHand: [{ path: odd.path, code: 'unclear' }],
    routes: [{ outcome: 'byHand' }],
  });
  const advertised = route('default via fe80::1 dev eth1 proto ra metric 1024 pref medium');
  expect(outcomes(plan([dhcp], [advertised]))).toEqual(['unsupported']);
  expect(
    outcomes(plan([dhcp], [], [route('192.0.2.0/24 via 10.10.0.7 dev eth1 proto boot mtu 1400')])),
  ).toEqual(['unsupported']);
});
