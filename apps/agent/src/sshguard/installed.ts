import { readdir, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { errorCode } from '../process/durable.ts';
import { findProgram } from '../process/find.ts';

/** SSHGUARD on this host, apart from the rules. */
export interface Installed {
  installed: boolean;
  /** null where it cannot be told */
  running: boolean | null;
  /** the last part of its back end's path (`sshg-fw-iptables`); null where nothing is said */
  backend: string | null;
  whitelist: { path: string; entries: string[] } | null;
}

/** sshguard(8): settings are shell assignments. */
const settingsFile = 'sshguard/sshguard.conf';
/** Control group of its unit, in either version of control groups. */
const groups = [
  '/sys/fs/cgroup/system.slice/sshguard.service',
  '/sys/fs/cgroup/systemd/system.slice/sshguard.service',
];

const maxFileBytes = 256 * 1024;

async function readText(path: string): Promise<string | null> {
  try {
    return (await readFile(path, 'utf8')).slice(0, maxFileBytes);
  } catch {
    return null;
  }
}

/** The value of a setting; what is not plain text (a variable, a command) is not read. */
function settingOf(text: string, name: string): string | null {
  const values = [...text.matchAll(new RegExp(`^\\s*${name}=(["']?)([\\w./ -]*)\\1\\s*(?:#.*)?$`, 'gm'))];
  return values.at(-1)?.[2] || null;
}

/** Reads what is there below `etc`; never runs anything. */
export async function readInstalled(etc = '/etc'): Promise<Installed> {
  const installed = findProgram('sshguard') !== null;
  const settings = (await readText(join(etc, settingsFile))) ?? '';
  const backend = settingOf(settings, 'BACKEND');
  const path = settingOf(settings, 'WHITELIST_FILE') ?? join(etc, 'sshguard/whitelist');
  const list = await readText(path);
  const entries = list
    ?.split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'));
  return {
    installed,
    running: installed ? await isRunning(settingOf(settings, 'PID_FILE')) : false,
    backend: backend === null ? null : basename(backend),
    whitelist: entries ? { path, entries } : null,
  };
}

/**
 * Whether it runs: by its unit's control group, by the file with its process number, or by the names of processes. The
 * agent may be kept from seeing processes of others (ProtectProc), so that a name which is not found says nothing then.
 */
async function isRunning(pidFile: string | null): Promise<boolean | null> {
  for (const group of groups) {
    const pids = await readText(join(group, 'cgroup.procs'));
    if (pids !== null && pids.trim() !== '') return true;
  }
  const pid = Number(pidFile === null ? '' : ((await readText(pidFile)) ?? '').trim());
  if (pid > 1) return isAlive(pid);
  const all = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const names = await Promise.all(all.map((each) => readText(`/proc/${each}/comm`)));
  if (names.some((name) => name?.trim() === 'sshguard')) return true;
  return all.includes('1') ? false : null;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // of another user, and there
    return errorCode(error) === 'EPERM';
  }
}
