import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { run, systemPath, tied } from '../namespaces/run.ts';
import { type MachineTools, machineTools } from './tools.ts';

/**
 * What the guide's servers have: SSHGUARD, `route` and `ifconfig` among it, and both ways to configure interfaces.
 * libstdc++6 is Node's.
 */
const packages = [
  'systemd',
  'systemd-sysv',
  'dbus',
  'iproute2',
  'iptables',
  'nftables',
  'netplan.io',
  'ifupdown',
  'openssh-server',
  'sshguard',
  'procps',
  'net-tools',
  'libstdc++6',
];

/** A slow mirror; on two idle cores it takes about a minute. */
const makeMs = 600_000;

const script = fileURLToPath(new URL('image.sh', import.meta.url));
const cache = fileURLToPath(new URL('../../../../.moru/machines', import.meta.url));

/**
 * The folder with the Debian tree that machines start from, of this computer's own release and mirror: made once
 * for all installations of this checkout (about 180 MB), told by `report`, and made again
 * when its recipe changes. Rejects with the reason where it cannot be made.
 */
export async function machineImage(report: (line: string) => void = () => {}): Promise<string> {
  const tools = machineTools();
  const suite = await codename();
  const recipe = createHash('sha256')
    .update(await readFile(script))
    .update(JSON.stringify(packages));
  const target = join(cache, `${suite}-${process.arch}-${recipe.digest('hex').slice(0, 12)}`);
  if (existsSync(target)) return target;
  // the tree has programs that run as root for anybody, and nobody will mend them as updates do for this computer's own
  await mkdir(cache, { recursive: true, mode: 0o700 });
  report('Making the Debian image of machines (once, about a minute) …');
  await make(target, suite, tools);
  return target;
}

async function make(target: string, suite: string, tools: MachineTools): Promise<void> {
  const source = await packageSource(suite);
  const recipe = [
    script,
    target,
    tools.debootstrap,
    suite,
    source.mirror,
    source.components,
    packages.join(','),
    // apt's own configuration says whether this mirror is trusted without its signature
    source.trusted ? '--no-check-gpg' : '--force-check-gpg',
  ];
  // one at a time; who waited finds it made. The kernel lets go of the lock with its holder, however that ends
  const unlessMade = 'test -e "$2" || exec sh "$@"';
  const isolated = ['--mount', '--pid', '--uts', '--ipc', '--fork', '--kill-child', '--mount-proc'];
  const { program, args } = tied('flock', [
    '--no-fork',
    `${target}.lock`,
    'unshare',
    ...isolated,
    'sh',
    '-c',
    unlessMade,
    'image',
    ...recipe,
  ]);
  await finish(program, args, {
    // the proxy and the certificates that this computer downloads with
    ...process.env,
    PATH: systemPath,
    LC_ALL: 'C',
    DEBIAN_FRONTEND: 'noninteractive',
    ...(tools.debootstrapScripts ? { DEBOOTSTRAP_DIR: tools.debootstrapScripts } : {}),
  });
}

function finish(program: string, args: string[], env: NodeJS.ProcessEnv): Promise<void> {
  return new Promise((resolve, reject) => {
    const options = { env, timeout: makeMs, killSignal: 'SIGKILL', maxBuffer: 16 * 1024 * 1024 } as const;
    execFile(program, args, options, (error, stdout, stderr) => {
      const last = `${stdout}\n${stderr}`.trim().split('\n').slice(-3).join(' / ');
      if (error) reject(new Error(`the Debian image could not be made: ${last || error.message}`));
      else resolve();
    });
  });
}

async function codename(): Promise<string> {
  const release = await readFile('/etc/os-release', 'utf8').catch(() => '');
  const name = /^VERSION_CODENAME="?([a-z]+)"?$/m.exec(release)?.[1];
  if (!name || !existsSync('/usr/bin/apt-get')) throw new Error('not a release of Debian or Ubuntu');
  return name;
}

/** Where this computer's apt takes its packages from (apt-get(8), indextargets). */
async function packageSource(
  suite: string,
): Promise<{ mirror: string; components: string; trusted: boolean }> {
  const format = '$(RELEASE) $(COMPONENT) $(TRUSTED) $(REPO_URI)';
  const targets = await run('apt-get', ['indextargets', '--format', format, 'Created-By: Packages']);
  const sources = targets
    .split('\n')
    .map((line) => line.split(' '))
    .filter(([release]) => release === suite);
  const mirror = sources[0]?.[3];
  if (!mirror) throw new Error(`apt has no source for ${suite}`);
  const same = sources.filter((fields) => fields[3] === mirror);
  return {
    mirror,
    components: [...new Set(same.map((fields) => fields[1]))].join(','),
    trusted: same.every((fields) => fields[2] === 'yes'),
  };
}
