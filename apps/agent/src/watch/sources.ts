import { constants, watch } from 'node:fs';
import { open } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { messageOf } from '../log.ts';
import { errorCode } from '../process/durable.ts';
import { findProgram } from '../process/find.ts';
import { type Absent, follow, type Source, type Teller } from './follow.ts';

/** The program behind a change, where it is told. */
export interface Maker {
  pid: number;
  name: string;
}

export type Told = (maker: Maker | null) => void;

/**
 * Every change of legacy opens it (house.md, Measured facts), and so does each look by `iptables` itself. It is closed
 * once the change is made: a restore opens it at its first table, and may take long until its COMMIT.
 */
const lockFile = '/run/xtables.lock';

/**
 * Changes of legacy, by inotifywait(1): Node's own watch does not tell when a file is closed. A file that is removed
 * is another one when it comes back, so the program is then started anew.
 */
export function legacySource(isDefault: () => Promise<boolean>, told: Told): Source {
  const source = follow('legacy', findTeller, (text) => {
    if (text.includes('_SELF')) source.restart();
    told(null);
  });
  return source;

  async function findTeller(): Promise<Teller | Absent> {
    if (!hasBackend('legacy')) return { reason: 'the host has no legacy iptables', off: true };
    try {
      // as iptables makes it when it is first used; a host that does not use it is not given one
      const flags = (await isDefault()) ? constants.O_CREAT : 0;
      await (await open(lockFile, constants.O_RDONLY | flags, 0o600)).close();
    } catch (error) {
      if (errorCode(error) === 'ENOENT') return { reason: 'legacy iptables was not used yet', off: true };
      return { reason: messageOf(error), off: false };
    }
    const program = findProgram('inotifywait');
    if (!program) return { reason: 'inotifywait (package inotify-tools) is not there', off: false };
    const events = 'close,delete_self,move_self';
    const args = ['-m', '-e', events, '--format', '%e', lockFile];
    return { program, args, ready: 'Watches established' };
  }
}

/** `# new generation 7 by process 4711 (iptables)` of nft, `NEWGEN: GENID=7 PID=4711 NAME=iptables` of xtables-monitor. */
const generation = /(?:by process (\d+) \(([^)\n]*)\)|PID=(\d+) NAME=(.*))/g;

/** The program that made the last change of which a text tells. */
export function makerIn(text: string): Maker | null {
  const last = [...text.matchAll(generation)].at(-1);
  if (!last) return null;
  return { pid: Number(last[1] ?? last[3]), name: (last[2] ?? last[4] ?? '').trim() };
}

/**
 * Changes of nft. xtables-monitor comes with iptables, but ends where one change holds more than the kernel keeps for
 * it (some 1,000 rules), and needs stdbuf(1) to tell at once.
 */
export function nftSource(told: Told): Source {
  return follow('nft', findTeller, (text) => told(makerIn(text)));

  async function findTeller(): Promise<Teller | Absent> {
    if (!hasBackend('nft')) return { reason: 'the host has no iptables on nft', off: true };
    const nft = findProgram('nft');
    if (nft) return { program: nft, args: ['monitor'] };
    const [monitor, stdbuf] = ['xtables-monitor', 'stdbuf'].map(findProgram);
    if (monitor && stdbuf) return { program: stdbuf, args: ['-oL', monitor, '-e'] };
    return { reason: 'neither nft nor xtables-monitor is there', off: false };
  }
}

/** Changes of files, by their folder: they are replaced, not written. */
export function fileSource(paths: readonly string[], told: Told): Source {
  const names = new Set(paths.map((path) => basename(path)));
  const folders = [...new Set(paths.map((path) => dirname(path)))];
  let reason: string | null = null;
  const watches = folders.flatMap((folder) => {
    try {
      const each = watch(folder, { persistent: false }, (_event, name) => {
        if (name === null || names.has(name)) told(null);
      });
      each.on('error', (error) => {
        reason = messageOf(error);
      });
      return [each];
    } catch (error) {
      reason = messageOf(error);
      return [];
    }
  });
  return {
    state: () => ({ how: reason === null ? 'events' : 'polling', reason }),
    restart: () => {},
    close: () => {
      for (const each of watches) each.close();
    },
  };
}

/** Whether the host has programs for that back end. Versions before 1.8 know one only, and have no name for it. */
function hasBackend(name: 'legacy' | 'nft'): boolean {
  if (findProgram(`iptables-${name}-save`)) return true;
  return name === 'legacy' && findProgram('iptables-save') !== null && !findProgram('iptables-nft-save');
}
