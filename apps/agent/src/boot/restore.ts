import { join } from 'node:path';
import {
  type Family,
  type Generation,
  ProblemError,
  type RestoredFamily,
  type RestoreRecord,
} from '@moru/types';
import { rulesFileOf } from '../firewall/outputs.ts';
import { readRulesFile } from '../firewall/rules-file.ts';
import type { Iptables } from '../firewall/tools.ts';
import { listGenerations, readGeneration } from '../generations/store.ts';
import { messageOf } from '../log.ts';
import { makeFolder, replaceFile } from '../process/durable.ts';
import { listEntries } from '../trial/arbiter.ts';
import { finishLeftConfirmed } from '../trial/confirm.ts';
import type { TrialHost } from '../trial/host.ts';
import { readRecord } from '../trial/record.ts';
import { claimRevert, putBack } from '../trial/revert.ts';
import { loadRules } from './load.ts';
import { minimalSets } from './minimal.ts';
import { sshdPorts } from './sshd-ports.ts';

export const restoreRecordPath = (stateFolder: string): string => join(stateFolder, 'boot.json');

/** Thrown where a change of this very boot waits to be confirmed: loading the file would undo it unrecorded. */
export class TrialPending extends Error {
  constructor() {
    super('a change waits to be confirmed; `moru-agent rollback` puts the old rules back');
    this.name = 'TrialPending';
  }
}

/**
 * Loads the saved rules, before the network is up (design/safe-change.md, At boot). Trials of an earlier boot are
 * closed as reverted by it: whatever they changed is gone with the kernel that had it.
 */
export async function restoreAtBoot(host: TrialHost): Promise<RestoreRecord> {
  await closeOldTrials(host);
  // confirmed and not yet saved when the power went: the file is to be what was confirmed
  await finishLeftConfirmed(host).catch(() => {});
  const generations = await listGenerations(host.config.stateFolder);
  const ipv4 = await restoreFamily(host, 'ipv4', generations);
  const ipv6 = await restoreFamily(host, 'ipv6', generations);
  const alarm = [ipv4, ipv6].some(({ problems }) => problems.length > 0);
  const record: RestoreRecord = { at: new Date().toISOString(), bootId: host.bootId, alarm, ipv4, ipv6 };
  // a disk that is read-only this early must not keep the rules from being loaded
  await makeFolder(host.config.stateFolder).catch(() => {});
  await replaceFile(restoreRecordPath(host.config.stateFolder), `${JSON.stringify(record, null, 1)}\n`).catch(
    () => {},
  );
  return record;
}

async function closeOldTrials(host: TrialHost): Promise<void> {
  for (const entry of await listEntries(host.trials)) {
    if (entry.state !== 'pending' && entry.state !== 'reverting') continue;
    const record = await readRecord(host.trials, entry).catch(() => null);
    if (record?.bootId === host.bootId) throw new TrialPending();
    const reverting = entry.state === 'pending' ? await claimRevert(host.trials, entry, 'reboot') : entry;
    const reverter = { by: 'command' as const, author: null, patienceMs: 0, bootId: host.bootId };
    if (reverting) await putBack(host.trials, reverting, reverter).catch(() => {});
  }
}

async function restoreFamily(
  host: TrialHost,
  family: Family,
  generations: readonly Generation[],
): Promise<RestoredFamily> {
  const saved = generations.filter((generation) => generation.saved.includes(family));
  if (saved.length === 0) return { source: 'kept', generation: null, problems: [] };
  const problems: string[] = [];
  let iptables: Iptables;
  try {
    iptables = await host.tools.of(family);
  } catch (error) {
    return { source: 'none', generation: null, problems: [messageOf(error)] };
  }
  const tried = async (what: string, text: string | null): Promise<boolean> => {
    const problem = text === null ? 'it is not there' : await loadRules(iptables, text);
    if (problem !== null) problems.push(`${what}: ${problem}`);
    return problem === null;
  };
  const path = rulesFileOf(family, host.config.rulesFile);
  if (await tried(path, await fileText(path, problems)))
    return { source: 'file', generation: null, problems };
  for (const { number } of saved) {
    const { rules } = await readGeneration(host.config.stateFolder, number);
    if (await tried(`generation ${number}`, rules[family] ?? null)) {
      return { source: 'generation', generation: number, problems };
    }
  }
  const ports = { ssh: await sshdPorts(), agent: host.config.listen.port };
  for (const text of minimalSets(family, ports, await lastRules(host, family, saved))) {
    if (await tried('the minimal set', text)) return { source: 'minimal', generation: null, problems };
  }
  return { source: 'none', generation: null, problems };
}

async function fileText(path: string, problems: string[]): Promise<string | null> {
  try {
    const file = await readRulesFile(path);
    if (file?.truncated) problems.push(`${path}: it is larger than 16 MiB`);
    return file && !file.truncated ? file.text : null;
  } catch (error) {
    problems.push(`${path}: ${error instanceof ProblemError ? error.message : messageOf(error)}`);
    return null;
  }
}

/** Rules of the newest saved generation that still can be read. */
async function lastRules(
  { config }: TrialHost,
  family: Family,
  saved: readonly Generation[],
): Promise<string | null> {
  for (const { number } of saved) {
    const { rules } = await readGeneration(config.stateFolder, number);
    if (rules[family] !== undefined) return rules[family];
  }
  return null;
}
