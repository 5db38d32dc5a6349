import { mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { factsOf } from '../testing/facts.ts';
import { keeperOf, readBootFiles } from './boot-files.ts';
import { ownPath } from './netplan-file.ts';
import { persistRoutes, previousPath } from './persist.ts';

let root: string;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'moru-keep-'));
});
afterEach(() => rm(root, { recursive: true }));

async function put(path: string, text: string): Promise<void> {
  await mkdir(dirname(join(root, path)), { recursive: true, mode: 0o755 });
  await writeFile(join(root, path), text);
}
const read = (path: string) => readFile(join(root, path), 'utf8');

const [, gateway] = factsOf().routes;
const { interfaces } = factsOf();
const change = { deleted: gateway ? [gateway] : [], added: [], interfaces };

const interfacesText = 'iface eth1 inet static\n    address 10.10.0.5/24\n    gateway 10.10.0.1\n';
const netplanText = 'network:\n  renderer: networkd\n  ethernets:\n    eth1:\n      dhcp4: true\n';

async function ifupdown(): Promise<void> {
  await put('/sbin/ifup', '');
  await put('/etc/network/interfaces', interfacesText);
}

it('finds netplan, ifupdown or neither', async () => {
  expect(keeperOf(await readBootFiles(root))).toEqual({ tool: 'none', renderer: null, files: [] });
  await ifupdown();
  expect(keeperOf(await readBootFiles(root))).toMatchObject({
    tool: 'ifupdown',
    files: ['/etc/network/interfaces'],
  });
  await put('/lib/netplan/50.yaml', 'network: {renderer: NetworkManager}\n');
  await put('/etc/netplan/40.yaml', netplanText);
  await put('/run/netplan/50.yaml', 'network: {version: 2}\n');
  expect(keeperOf(await readBootFiles(root))).toEqual({
    tool: 'netplan',
    renderer: 'networkd',
    files: ['/etc/netplan/40.yaml', '/run/netplan/50.yaml'],
  });
});

it('shows the difference first, writes just that, keeps the file before', async () => {
  await ifupdown();
  const { plan, write } = await persistRoutes(change, root);
  expect(await read('/etc/network/interfaces')).toBe(interfacesText);
  await write();
  expect(await read('/etc/network/interfaces')).toBe(plan.files[0]?.after);
  expect(await read(previousPath('/etc/network/interfaces'))).toBe(interfacesText);
  expect((await stat(join(root, '/etc/network/interfaces'))).mode & 0o777).toBe(0o644);
});

it('writes nothing when the file has changed since it was shown', async () => {
  await ifupdown();
  const { write } = await persistRoutes(change, root);
  await put('/etc/network/interfaces', `${interfacesText}    mtu 1500\n`);
  await expect(write()).rejects.toMatchObject({ problem: { code: 'file.refused' } });
  expect(await read('/etc/network/interfaces')).toContain('mtu 1500');
});

it('T17: writes through no link, neither of the file nor of the folder', async () => {
  await put('/etc/netplan/40.yaml', netplanText);
  await put('/elsewhere/kept', 'mine');
  const { write } = await persistRoutes(change, root);
  await symlink(join(root, '/elsewhere/kept'), join(root, ownPath));
  await expect(write()).rejects.toMatchObject({ problem: { code: 'file.refused' } });
  expect(await read('/elsewhere/kept')).toBe('mine');
  await rm(join(root, '/etc/netplan'), { recursive: true });
  await symlink(join(root, '/elsewhere'), join(root, '/etc/netplan'));
  await expect(write()).rejects.toMatchObject({ problem: { code: 'file.refused' } });
  expect(await readdir(join(root, '/elsewhere'))).toEqual(['kept']);
});

it('T17: does not read through a link', async () => {
  await put('/elsewhere/40.yaml', netplanText);
  await mkdir(join(root, '/etc/netplan'), { recursive: true });
  await symlink(join(root, '/elsewhere/40.yaml'), join(root, '/etc/netplan/40.yaml'));
  expect((await readBootFiles(root)).tool).toBe('none');
});
