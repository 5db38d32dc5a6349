import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import type { Family } from '../../model.ts';
import { backendOf, type Dialect } from '../../print/dialect.ts';
import { parseSave } from '../../read/parse-save.ts';
import type { Backend, RealIptables } from '../../testing/real-tool.ts';
import { planChange } from '../plan-change.ts';
import { difference, foreignRules, ownedText, rewrittenCounters, withCounters } from './dumps.ts';
import { generatePair, ownedChain, textOf } from './generate.ts';

/** What another program bans while a plan is applied. */
const attacker: Readonly<Record<Family, string>> = { ipv4: '203.0.113.77/32', ipv6: '2001:db8:bad::77/128' };
const ban = (family: Family): string[] => ['-I', 'sshguard', '-s', attacker[family], '-j', 'DROP'];
const banned = (family: Family): string => `-A sshguard -s ${attacker[family]} -j DROP`;

/**
 * One change on the real tool, of its family, generated from a seed: the payload has to give exactly the wanted rules, keep the
 * counters of rules and policies and (with even seeds) what another program inserts into its chain between `*TABLE`
 * and COMMIT; the revert has to bring everything of ours back. All is judged by the text of `iptables-save -c`.
 * Resolves with what went wrong, each with the seed; empty when nothing did.
 */
export async function planRound(tool: RealIptables, dialect: Dialect, seed: number): Promise<string[]> {
  const backend = backendOf(dialect);
  const { family } = tool;
  const pair = generatePair(seed, dialect, family);
  const load = (text: string): string => {
    const answer = tool.restore(backend, emptied(text), ['-c']);
    if (answer.code !== 0) throw new Error(`seed ${seed}: not loaded: ${answer.stderr}\n${text}`);
    return tool.save(backend, ['-c']);
  };
  const wanted = load(textOf(pair.wanted));
  const before = load(textOf(pair.current));

  const plan = planChange(read(before, family), read(wanted, family), { dialect, owns: ownedChain });
  const problems = plan.findings.map(({ code }) => `finding ${code}`);
  const changed = plan.payload.text !== '';
  if (changed === (ownedText(before) === ownedText(wanted)))
    problems.push('empty payload for a change, or the reverse');
  const disturbed = changed && seed % 2 === 0;
  if (disturbed) problems.push(...(await applyDisturbed(tool, backend, plan.payload.text)));
  else if (changed) {
    const answer = tool.restore(backend, plan.payload.text, ['-n', '-c']);
    if (answer.code !== 0) problems.push(`refused: ${answer.stderr}\n${plan.payload.text}`);
  }
  const after = tool.save(backend, ['-c']);
  problems.push(...difference('rules', ownedText(wanted), ownedText(after)));
  // the other program's own insert zeroes the policies' counters on legacy (reference/iptables.md section 6.1)
  const policies = disturbed && backend === 'legacy' ? ['filter'] : [];
  problems.push(...rewrittenCounters({ before, wanted, after, policies }));
  problems.push(...foreignProblems(before, after, disturbed ? [banned(family)] : []));

  if (changed) {
    const answer = tool.restore(backend, plan.revert.text, ['-n', '-c']);
    if (answer.code !== 0) problems.push(`revert refused: ${answer.stderr}`);
    const back = tool.save(backend, ['-c']);
    problems.push(...difference('reverted', withCounters(before), withCounters(back)));
    problems.push(...foreignProblems(before, back, disturbed ? [banned(family)] : []));
  }
  return problems.map((problem) => `seed ${seed} ${dialect}: ${problem}`);
}

const read = (dump: string, family: Family) => parseSave(dump, { family, unreadable: 'keep' });

/** A restore file with the tables that it does not name, so that nothing is left of another round. */
function emptied(text: string): string {
  const missing = ['raw', 'mangle', 'nat', 'filter', 'security'].filter(
    (table) => !text.includes(`*${table}\n`),
  );
  return text + missing.map((table) => `*${table}\nCOMMIT\n`).join('');
}

function foreignProblems(before: string, now: string, meanwhile: readonly string[]): string[] {
  const expected = [...foreignRules(before), ...meanwhile];
  return difference('foreign', expected.sort().join('\n'), foreignRules(now).sort().join('\n'));
}

/** Seconds. 1.8.9 legacy leaves its alarm set when it has the lock, and dies of it while it waits for the second half. */
const wait = ['-w', '30'];

/** Applies the payload with a ban between the first half and the second. */
async function applyDisturbed(tool: RealIptables, backend: Backend, payload: string): Promise<string[]> {
  const program = `${tool.family === 'ipv6' ? 'ip6tables' : 'iptables'}-${backend}`;
  const restore = tool.start(`${program}-restore`, ['-n', '-c', ...wait]);
  const restored = outcome(restore);
  const [first, rest] = halves(payload);
  restore.stdin.write(first);
  if (backend === 'legacy') await waitUntil(() => /FLOCK +ADVISORY +WRITE/.test(locksOf(restore)), restore);
  const other = tool.start(program, [...wait, ...ban(tool.family)]);
  const inserted = outcome(other);
  // legacy waits for the lock; nft has none, and is done before the rest is sent
  if (backend === 'legacy') await waitUntil(() => /-> FLOCK/.test(locksOf(other)), other);
  else await inserted;
  restore.stdin.end(rest);
  const answers = { restore: await restored, insert: await inserted };
  return Object.entries(answers)
    .filter(([, text]) => text !== '')
    .map(([name, text]) => `${name} failed: ${text}\n${payload}`);
}

/** Two parts with a table open between them, so that legacy holds its lock there. */
function halves(payload: string): [first: string, rest: string] {
  const lines = payload.split(/(?<=\n)/);
  const middle = Math.floor(lines.length / 2);
  const open = lines.findLastIndex((line, index) => index <= middle && line !== 'COMMIT\n') + 1;
  return [lines.slice(0, open).join(''), lines.slice(open).join('')];
}

/** Empty when the program ended well. */
async function outcome(child: ChildProcessWithoutNullStreams): Promise<string> {
  let errors = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    errors += text;
  });
  const [code] = await once(child, 'close');
  return code === 0 ? '' : `exit ${code}: ${errors}`;
}

/** Lines of /proc/locks that name the process. */
const locksOf = ({ pid }: ChildProcessWithoutNullStreams): string =>
  readFileSync('/proc/locks', 'utf8')
    .split('\n')
    .filter((line) => line.includes(` ${pid} `))
    .join('\n');

/** No event tells of a lock. Ends with the child, too. */
async function waitUntil(met: () => boolean, child: ChildProcessWithoutNullStreams): Promise<void> {
  while (!met() && child.exitCode === null) await delay(1);
}
