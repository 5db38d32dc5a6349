import { appendFile, writeFile } from 'node:fs/promises';
import type { TestHost } from '../host.ts';
import { unpackedPackage } from '../packages.ts';
import { until } from '../until.ts';

const authLog = '/run/auth.log';
/** By sshguard-setup(7) an attack counts 10, and 30 make a ban; the rest is for a line that the reader misses. */
const attemptsPerBan = 4;
/** Longer than any run: a ban that is lifted is not one that was lost. */
const config =
  'BACKEND=/usr/libexec/sshguard/sshg-fw-iptables\nTHRESHOLD=30\nBLOCK_TIME=86400\nDETECTION_TIME=1800\n';

export interface Sshguard {
  /** Somebody at this address guesses passwords. */
  attack(address: string): Promise<void>;
  /** addresses that are blocked in the chain `sshguard` now */
  bans(): Promise<string[]>;
}

/**
 * Debian's own SSHGUARD with its iptables back end on a host that has the chain `sshguard`, reading the log of the
 * SSH server. Ends with the host. Resolves when it has banned somebody. Throws where the package is not unpacked.
 */
export async function startSshguard(host: TestHost): Promise<Sshguard> {
  const tree = unpackedPackage('sshguard');
  if (!tree) throw new Error('sshguard is not unpacked: npm test does that, as root on Debian');
  const inHost = (path: string) => `/proc/${host.pid}/root${path}`;
  const setup = [
    `mount -t overlay -o lowerdir=${tree}/usr/libexec:/usr/libexec overlay /usr/libexec`,
    'mkdir -p /etc/sshguard',
  ];
  const { exitCode, stderr } = await host.run('sh', ['-ec', setup.join('\n')]);
  if (exitCode !== 0) throw new Error(stderr);
  await writeFile(inHost('/etc/sshguard/sshguard.conf'), config);
  await writeFile(inHost(authLog), '');
  const running = host.start('sh', [`${tree}/usr/sbin/sshguard`, authLog]);
  let said = '';
  running.stderr?.on('data', (chunk: Buffer) => {
    said += chunk.toString();
  });

  const attack = async (address: string) => {
    const line = `Nov 28 13:00:00 host sshd[4711]: Failed password for root from ${address} port 50000 ssh2\n`;
    await appendFile(inHost(authLog), line.repeat(attemptsPerBan));
  };
  const bans = async () => {
    const { stdout } = await host.run('iptables', ['-w', '-S', 'sshguard']);
    return [...stdout.matchAll(/^-A sshguard -s (\S+)\/32 -j DROP$/gm)].map(([, address]) => address ?? '');
  };
  // what is written before the log is opened is not read
  await until(30_000, async () => {
    if (running.exitCode !== null) throw new Error(`sshguard ended: ${said}`);
    await attack('192.0.2.250');
    return (await bans()).includes('192.0.2.250');
  });
  return { attack, bans };
}
