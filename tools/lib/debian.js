import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { withLock } from './lock.js';
import { mustRun, root, run } from './run.js';

/** Debian packages that are installed, by the program that shows that they are there. */
const programs = {
  iptables: '/usr/sbin/iptables-nft-restore',
  iproute2: '/usr/sbin/ip',
  'inotify-tools': '/usr/bin/inotifywait',
  chromium: '/usr/bin/chromium',
  'fonts-noto-cjk': '/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc',
  curl: '/usr/bin/curl',
  e2fsprogs: '/usr/sbin/mkfs.ext4',
  python3: '/usr/bin/python3',
  wget: '/usr/bin/wget',
};

const policyFile = '/usr/sbin/policy-rc.d';
const policy = '#!/bin/sh\n# written by Moru while it installs packages, and removed afterwards\nexit 101\n';
/** one at a time on the machine, not only in this checkout */
const aptLock = '/run/moru-apt.lock';
const aptOptions = ['-y', '-qq', '--no-install-recommends', '-o', 'DPkg::Lock::Timeout=120'];
const aptEnv = () => ({ ...process.env, DEBIAN_FRONTEND: 'noninteractive' });

function canInstall() {
  return process.platform === 'linux' && process.getuid() === 0 && existsSync('/usr/bin/apt-get');
}

/**
 * Installs what is missing of the named packages, saying so. Where that cannot be done, nothing happens:
 * who needs them finds out and says what is missing.
 */
export async function ensureDebianPackages(names) {
  const missing = names.filter((name) => !existsSync(programs[name]));
  if (missing.length === 0 || !canInstall()) return;
  await withLock(aptLock, async () => {
    console.log(`Installing Debian packages: ${missing.join(', ')} …`);
    await updateOnce();
    await withoutStartingDaemons(() =>
      mustRun(
        `apt-get install ${missing.join(' ')}`,
        'apt-get',
        ['install', ...aptOptions, ...missing],
        quiet(),
      ),
    );
  });
}

/** The SSH server that hosts run: the machine's own where it has one (packages/stack/src/sshd.ts looks there too). */
export async function ensureSshServer() {
  if (!existsSync('/usr/sbin/sshd')) await ensureUnpacked('openssh-server', ['libwrap0']);
}

/**
 * What boots hosts as whole machines and makes their image (packages/hosts/src/machines/tools.ts looks there too):
 * systemd-container would bring units into the machine, and a newer systemd with it.
 */
export async function ensureMachineTools() {
  if (existsSync('/usr/bin/systemd-nspawn') && existsSync('/usr/sbin/debootstrap')) return;
  await ensureDebianPackages(['wget']);
  await ensureUnpacked('systemd-container', ['libsystemd-shared', 'libkmod2', 'libcap2', 'debootstrap']);
}

/**
 * What the agent's tests set against it (apps/agent/src/testing/packages.ts looks there too): a real SSHGUARD, which
 * an installation would start, and the library that moves a process's clock.
 */
export async function ensureFaultTools() {
  await ensureUnpacked('sshguard', []);
  await ensureUnpacked('libfaketime', []);
}

/**
 * PostgreSQL for the tests (apps/bff/src/testing/postgres.ts looks there too), with whatever it needs that the machine
 * does not have: which version there is, and which libraries it wants, is the distribution's matter.
 */
export async function ensurePostgres() {
  if (existsSync('/usr/lib/postgresql')) return;
  await ensureUnpacked('postgresql', [], { withDependencies: true });
}

/**
 * Unpacks a package and its libraries into .moru/packages without installing it: an installed SSH or database
 * server would bring a unit and a listener into the machine.
 */
async function ensureUnpacked(name, libraries, { withDependencies = false } = {}) {
  const target = join(root, '.moru', 'packages', name);
  const missed = `${target}.missed`;
  // apt's own sandbox user cannot write to a private folder
  const asRoot = ['-qq', '-o', 'APT::Sandbox::User=root'];
  const downloadArguments = (work) =>
    withDependencies
      ? ['install', '-y', '--no-install-recommends', '--download-only', ...asRoot, ...archives(work), name]
      : ['download', ...asRoot, name, ...libraries];
  if (existsSync(target) || isRecent(missed) || !canInstall()) return;
  await withLock(aptLock, async () => {
    if (existsSync(target)) return;
    console.log(`Unpacking ${name} (not installed) …`);
    await updateOnce();
    const work = mkdtempSync(join(tmpdir(), 'moru-unpack-'));
    try {
      chmodSync(work, 0o755);
      mkdirSync(join(work, 'partial'));
      await mustRun(`apt-get download ${name}`, 'apt-get', downloadArguments(work), {
        cwd: work,
        ...quiet(),
      });
      const tree = join(work, 'tree');
      mkdirSync(tree);
      for (const file of readdirSync(work).filter((entry) => entry.endsWith('.deb'))) {
        await mustRun(`unpacking ${file}`, 'dpkg-deb', ['-x', join(work, file), tree]);
      }
      mkdirSync(join(root, '.moru', 'packages'), { recursive: true });
      rmSync(`${target}.new`, { recursive: true, force: true });
      await mustRun('moving the package', 'cp', ['-a', tree, `${target}.new`]);
      renameSync(`${target}.new`, target);
    } catch (error) {
      console.log(`Going on without ${name}: ${error.message}`);
      mkdirSync(join(root, '.moru', 'packages'), { recursive: true });
      writeFileSync(missed, error.message);
    } finally {
      rmSync(work, { recursive: true, force: true });
    }
  });
}

/** Files go here instead of into the machine's cache; of an installation only these are left behind. */
function archives(folder) {
  return ['-o', `Dir::Cache::archives=${folder}`, '-o', 'DPkg::Lock::Timeout=120'];
}

/** A package that could not be had is asked for again a day later, not at every start. */
function isRecent(path) {
  return existsSync(path) && Date.now() - statSync(path).mtimeMs < 86_400_000;
}

let updated = false;

async function updateOnce() {
  if (updated) return;
  updated = true;
  // an old list still finds most packages, so a failed update is not the end
  await run('apt-get', ['update', '-qq'], quiet());
}

/**
 * Debian's packages start their daemons unless this file forbids it; one that is there already stays in charge,
 * but for our own that a killed run left. A signal is obeyed once the installer has ended and the file is gone:
 * without it the installer would go on, and start what it installs.
 */
async function withoutStartingDaemons(task) {
  const present = existsSync(policyFile) ? readFileSync(policyFile, 'utf8') : policy;
  if (present !== policy) return task();
  let asked;
  const note = (signal) => {
    asked ??= signal;
  };
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'];
  for (const signal of signals) process.on(signal, note);
  writeFileSync(policyFile, policy, { mode: 0o755 });
  try {
    return await task();
  } finally {
    rmSync(policyFile, { force: true });
    for (const signal of signals) process.removeListener(signal, note);
    // after whoever waits for us has let go of the lock
    if (asked) setImmediate(() => process.kill(process.pid, asked));
  }
}

function quiet() {
  return { env: aptEnv(), stdio: ['ignore', 'ignore', 'inherit'] };
}
