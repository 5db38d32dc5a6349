import { imageForTestsMs } from '@moru/hosts/testing/machine-image';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { printOwn } from '../src/routing/keep/netplan-file.ts';
import { openPark, type Park, type TestMachine } from './testing/park.ts';

let park: Park | { missing: string };
let machine: TestMachine;

beforeAll(async () => {
  park = await openPark();
  if ('boot' in park) machine = await park.boot('files', 'legacy');
}, imageForTestsMs);
afterAll(async () => {
  if (park && 'close' in park) await park.close();
});
beforeEach(async ({ skip }) => {
  if ('missing' in park) skip(park.missing);
  await machine.sh(
    'rm -rf /etc/iptables.rules /etc/netplan/90-moru.yaml /etc/network && mkdir -p /etc/network',
  );
});

/** The helper as systemd runs it: the connection is its stdin and stdout. */
async function helper(request: string): Promise<string> {
  return (await machine.run('/usr/lib/moru-agent/files', [], request)).stdout;
}
const write = (path: string, text: string, size = Buffer.byteLength(text)) =>
  helper(`write ${path} ${size}\n${text}`);
const read = (path: string) => helper(`read ${path}\n`);
const text = (path: string) => machine.sh(`cat ${path}`);
const rules = '/etc/iptables.rules';

it('writes the rules whole, readable to the agent by root’s group, and reads them back', async () => {
  expect(await read(rules)).toBe('none\n');
  const content = `*filter\n# ${'글'.repeat(50_000)}\nCOMMIT\n`;
  expect(await write(rules, content)).toBe('ok\n');
  expect(await write(rules, content)).toBe('ok\n');
  expect(await text(rules)).toBe(content);
  expect(await machine.sh(`stat -c '%a %U %G' ${rules}`)).toBe('640 root root\n');
  const answer = await read(rules);
  expect(answer).toMatch(new RegExp(`^ok \\d+ ${Buffer.byteLength(content)}\n\\*filter\n`));
  expect(answer.slice(answer.indexOf('\n') + 1)).toBe(content);
});

it.each([
  ['a link', `ln -s /etc/shadow ${rules}`],
  ['a hard link', `echo x > /etc/other && ln /etc/other ${rules}`],
  ['a fifo', `mkfifo ${rules}`],
  ['a folder', `mkdir ${rules}`],
  ['another user’s', `touch ${rules} && chown nobody ${rules}`],
])('T17: the rules file is %s: refused, for reading and for writing', async (_name, prepare) => {
  const shadow = await text('/etc/shadow');
  await machine.sh(prepare);
  expect(await read(rules)).toMatch(/^refused .* is no plain file of root's\n$/);
  expect(await write(rules, 'new\n')).toMatch(/^refused .* is no plain file of root's\n$/);
  expect(await text('/etc/shadow')).toBe(shadow);
  await machine.sh(`rm -rf ${rules} /etc/other`);
});

it('T17: a folder that others can write to is refused', async () => {
  await machine.sh('chmod 777 /etc/netplan');
  expect(await write('/etc/netplan/90-moru.yaml', printOwn([]))).toMatch(
    /^refused .* changed by other users\n$/,
  );
  await machine.sh('chmod 755 /etc/netplan');
});

it('F5: what does not arrive whole changes nothing, and what was left of one is taken away', async () => {
  expect(await write(rules, 'old\n')).toBe('ok\n');
  expect(await write(rules, 'new', 4)).toMatch(/^refused .* did not arrive whole\n$/);
  await machine.sh('echo left > /etc/.iptables.rules.moru-new');
  expect(await text(rules)).toBe('old\n');
  expect(await write(rules, 'new\n')).toBe('ok\n');
  expect(await text(rules)).toBe('new\n');
  expect(await machine.sh('find /etc -name "*moru-new*"')).toBe('');
});

it.each([
  'read /etc/shadow\n',
  'read /etc/netplan/../shadow\n',
  'read /etc/netplan/a/b.yaml\n',
  'read /etc//iptables.rules\n',
  'read /etc/iptables.rules more words\n',
  'write /etc/cron.d/job 2\nx\n',
  'write /etc/netplan/50-cloud-init.yaml 2\nx\n',
  'write /etc/network/if-up.d/x 2\nx\n',
  'write /etc/network/interfaces.d/.hidden 2\nx\n',
  'write /etc/.iptables.rules.moru-new 2\nx\n',
  `write ${rules}\nx\n`,
  `write ${rules} -1\nx\n`,
  `write ${rules} 99999999\nx\n`,
  `remove ${rules}\n`,
  '\n',
  '',
])('is asked for what is not the agent’s: %j', async (request) => {
  const before = await machine.sh('ls -lA /etc /etc/netplan /etc/network');
  expect(await helper(request)).toMatch(/^refused /);
  expect(await machine.sh('ls -lA /etc /etc/netplan /etc/network')).toBe(before);
});

it('a full disk and a read-only one are told, and leave the old file', async () => {
  await machine.sh('mkdir -p /srv/small && mount -t tmpfs -o size=64k,mode=755 tmpfs /srv/small');
  await machine.sh('echo MORU_AGENT_RULES_FILE=/srv/small/rules >> /etc/moru/agent.conf');
  try {
    expect(await write('/srv/small/rules', 'old\n')).toBe('ok\n');
    expect(await write('/srv/small/rules', 'x'.repeat(100_000))).toMatch(/^failed .* cannot be written/);
    expect(await text('/srv/small/rules')).toBe('old\n');
    await machine.sh('mount -o remount,ro /srv/small');
    expect(await write('/srv/small/rules', 'new\n')).toMatch(/^failed .* cannot be written/);
    expect(await text('/srv/small/rules')).toBe('old\n');
    expect(await machine.sh('ls -A /srv/small')).toBe('rules\n');
  } finally {
    await machine.sh('sed -i /RULES_FILE=.srv/d /etc/moru/agent.conf && umount /srv/small');
  }
});

it('netplan’s file holds routes and nothing else', async () => {
  const path = '/etc/netplan/90-moru.yaml';
  const own = printOwn([
    {
      id: 'eth0',
      section: 'ethernets',
      useRoutes: 'false',
      routes: [
        {
          to: '0.0.0.0/0',
          via: '198.168.0.1',
          metric: '100',
          from: '198.168.0.2',
          onLink: 'true',
          scope: 'link',
          line: 0,
        },
        { to: '2001:db8::/32', via: 'fe80::1', line: 0 },
      ],
    },
    { id: 'bond0.7', section: 'vlans', routes: [{ to: '10.0.0.0/8', via: '10.1.1.1', line: 0 }] },
  ]);
  expect(await write(path, own)).toBe('ok\n');
  expect(await machine.sh(`stat -c '%a' ${path}`)).toBe('600\n');
  for (const odd of [
    '  renderer: NetworkManager\n',
    '      match: {name: "*"}\n',
    '    "a": {x: 1}\n',
    '      addresses: [1.2.3.4/8]\n',
  ]) {
    expect(await write(path, own + odd)).toMatch(/^refused /);
  }
  const previous = '/etc/netplan/.90-moru.yaml.moru-previous';
  expect(await write(previous, 'other\n')).toMatch(/^refused /);
  expect(await write(previous, own)).toBe('ok\n');
  expect(await text(path)).toBe(own);
});

it('/etc/network/interfaces changes in routes and in nothing else: an `up` line is a command of root’s', async () => {
  const path = '/etc/network/interfaces';
  const lines = [
    'auto eth0',
    'iface eth0 inet static',
    '    address 192.0.2.5/24',
    '    gateway 192.0.2.1',
    '    up ip route append 10.0.0.0/8 via 192.0.2.7',
    '    up echo hello',
    '',
  ];
  const old = lines.join('\n');
  expect(await write(path, old)).toMatch(/^refused .* is not there\n$/);
  await machine.put(path, old);
  await machine.sh(`chmod 644 ${path}`);
  const without = (...gone: number[]) => lines.filter((_, index) => !gone.includes(index));
  const withLine = (line: string) => [...lines.slice(0, 4), line, ...lines.slice(4)].join('\n');
  for (const odd of [
    without(2).join('\n'),
    without(5).join('\n'),
    withLine('    up touch /root/x'),
    withLine('    up ip route append 10.0.0.0/8; touch /root/x'),
    withLine('    up ip route append $(touch /root/x)'),
    withLine('    up ip -batch /var/lib/moru/x'),
    withLine('    pre-up /var/lib/moru/x'),
    withLine('source /var/lib/moru/x'),
  ]) {
    expect(await write(path, odd)).toMatch(/^refused .* more than its routes\n$/);
    expect(await text(path)).toBe(old);
  }
  const previous = '/etc/network/.interfaces.moru-previous';
  expect(await write(previous, old)).toBe('ok\n');
  const routed = [
    ...without(3, 4).slice(0, 3),
    '    up ip -6 route append 2001:db8::/32 via fe80::1 metric 5',
    ...lines.slice(5),
  ];
  expect(await write(path, routed.join('\n'))).toBe('ok\n');
  expect(await text(path)).toBe(routed.join('\n'));
  expect(await machine.sh(`stat -c '%a' ${path}`)).toBe('644\n');
});
