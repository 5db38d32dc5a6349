import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { failpoint } from '../process/failpoints.ts';
import { type Outcome, startProgram } from '../process/start.ts';
import { TrialLost, watchAppliers } from './applier.ts';
import { type Ended, entryPath } from './arbiter.ts';
import { parseCommands, parseSaves, type RestoreCommand } from './guard-plan.ts';
import { readRecord, type TrialRecord } from './record.ts';
import { familiesToRestore, restoreRoutes, routeTries } from './restore-routes.ts';
import { noteFound } from './undone.ts';

/** What the record says of putting back: `step` and `words`. */
export type OutcomeLine = [key: string, value: string];

const limits = { timeoutMs: 15_000, maxBytes: 64 * 1024 };

/** FAMILY.TABLE of each restore, filter first: it is what locks out. */
export function revertSteps({ families }: Pick<TrialRecord, 'families'>): string[] {
  return families
    .toReversed()
    .flatMap(({ family, tables }) => tables.toReversed().map((table) => `${family}.${table}`));
}

/** One try after the other at the parts of a way back; what is done is taken out of `left`. */
class Restoration {
  readonly lines: OutcomeLine[] = [];
  private readonly folder: string;
  private readonly files: readonly string[];
  private readonly commands: Map<string, RestoreCommand>;
  private readonly started: (pid: number) => Promise<void>;
  private said = '';

  constructor(
    folder: string,
    files: readonly string[],
    commands: Map<string, RestoreCommand>,
    started: (pid: number) => Promise<void>,
  ) {
    this.folder = folder;
    this.files = files;
    this.commands = commands;
    this.started = started;
  }

  private readonly run = (command: RestoreCommand, input: string) => runNoted(command, input, this.started);

  private async restore(step: string, file: string): Promise<Outcome> {
    const command = this.commands.get(step.split('.')[0] ?? '');
    if (!command) throw new Error(`no command for ${step}`);
    return this.run(command, await readFile(join(this.folder, file), 'utf8'));
  }

  private async failed(step: string, words: string): Promise<void> {
    this.said = words;
    await writeFile(join(this.folder, 'trouble'), `${step}: ${words}`).catch(() => {});
  }

  /** Families whose routes are not back and are worth another try. */
  async routes(left: ReturnType<typeof familiesToRestore>, round: number): Promise<typeof left> {
    const again: typeof left = [];
    for (const family of left) {
      const words = await restoreRoutes(this.folder, family, this.run);
      if (words !== null) await this.failed(`${family} routes`, words);
      if (words !== null && round < routeTries) again.push(family);
      else this.lines.push(['step', `${family} routes ${words === null ? 0 : 1} ${round}`]);
      if (words === null) failpoint('routesReverted');
    }
    return again;
  }

  /** Tables that are not back. After a try that failed, chains of other programs that they lead to are made. */
  async tables(left: readonly string[], round: number): Promise<string[]> {
    const again: string[] = [];
    for (const step of left) {
      const { exitCode, stderr } = await this.restore(step, `revert.${step}`);
      if (exitCode === 0) {
        this.lines.push(['step', `${step.replace('.', ' ')} 0 ${round}`]);
        failpoint('firstTableReverted');
        continue;
      }
      again.push(step);
      await this.failed(step, stderr);
      await this.runAll(`chains.${step}.`, step);
    }
    return again;
  }

  /** Chains that the change made go, where nobody uses them. */
  async tidy(steps: readonly string[]): Promise<void> {
    for (const step of steps) await this.runAll(`tidy.${step}.`, step);
  }

  private async runAll(prefix: string, step: string): Promise<void> {
    for (const file of this.files.filter((name) => name.startsWith(prefix))) await this.restore(step, file);
  }

  /** What the tools said last, as long as something was not as it should be. */
  words(): OutcomeLine[] {
    const lines = this.said.slice(0, 4096).trim().split('\n');
    return lines.filter((line) => line !== '').map((line) => ['words', line]);
  }
}

/**
 * Puts back everything that a trial changed: routes first, which takes some milliseconds and waits for no lock, then
 * the rules (unless those are back already). Null when patience was over before the rules were back.
 */
export async function restoreAll(
  trials: string,
  reverting: Ended,
  { rules, patienceMs }: { rules: boolean; patienceMs: number },
): Promise<OutcomeLine[] | null> {
  const folder = join(trials, entryPath(reverting));
  const record = await readRecord(trials, reverting);
  const plan = await readFile(join(folder, 'plan'), 'utf8');
  const commands = parseCommands(plan);
  const files = await readdir(folder);
  const restoration = new Restoration(folder, files, commands, watchAppliers(trials, reverting).started);
  const until = performance.now() + patienceMs;
  const steps = rules ? revertSteps(record) : [];
  let tables: readonly string[] = steps;
  let routes = familiesToRestore(files);
  for (let round = 1; tables.length + routes.length > 0; round++) {
    routes = await restoration.routes(routes, round);
    if (round === 1 && steps.length > 0) await noteFound(folder, parseSaves(plan));
    tables = await restoration.tables(tables, round);
    if (tables.length + routes.length === 0) break;
    if (tables.length > 0 && performance.now() > until) return null;
    await delay(100);
  }
  await restoration.tidy(steps);
  return [...restoration.lines, ...restoration.words()];
}

async function runNoted(
  { program, args }: RestoreCommand,
  input: string,
  started: (pid: number) => Promise<void>,
): Promise<Outcome> {
  const child = await startProgram(program, args, limits);
  try {
    await started(child.pid);
  } catch (error) {
    // a full disk has no room for the note, and the rules are what counts
    if (error instanceof TrialLost) {
      child.end();
      await child.outcome;
      throw error;
    }
  }
  child.end(input);
  return child.outcome;
}
