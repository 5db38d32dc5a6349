import { compileRuleSet, evaluate, NetfilterError, parseSave } from '@moru/netfilter';
import { type Family, ProblemError, type SshguardPanel, sshguardLimits } from '@moru/types';
import { escapeControls } from '../firewall/hostile.ts';
import { type Iptables, wordsOf } from '../firewall/tools.ts';
import { runProgram } from '../process/start.ts';

/** What the filter table shows of SSHGUARD. */
export interface GuardChain extends Pick<SshguardPanel, 'chain' | 'jump' | 'ahead' | 'blockedCount'> {
  blocked: { rule: string; packets: string; bytes: string }[];
  /** blocks of just these words */
  count(rule: string): number;
}

export const guardChain = 'sshguard';

/** `[1:60] -A CHAIN words` */
const ruleLine = /^\[(\d+):(\d+)\] -A (\S+) ?(.*)$/;
/** Rules ahead of the jump that are judged; who has more has read none of them. */
const maxJudged = 200;
const jump = new RegExp(`(?:^| )-[jg] ${guardChain}(?: |$)`);

/** Picks SSHGUARD's part out of a dump as it comes; of other rules nothing is kept. */
class GuardReader {
  chain = false;
  jump: SshguardPanel['jump'] = null;
  ahead: SshguardPanel['ahead'] = null;
  readonly blocked: GuardChain['blocked'] = [];
  readonly counts = new Map<string, number>();
  private readonly iptables: Iptables;
  private readonly sshPorts: readonly number[];
  private readonly numbers = new Map<string, number>();
  private rest = '';
  private judged = 0;

  constructor(iptables: Iptables, sshPorts: readonly number[]) {
    this.iptables = iptables;
    this.sshPorts = sshPorts;
  }

  feed(chunk: Buffer): void {
    const lines = (this.rest + chunk.toString('utf8')).split('\n');
    this.rest = lines.pop() ?? '';
    for (const line of lines) this.line(line);
  }

  private line(line: string): void {
    if (line.startsWith(`:${guardChain} `)) this.chain = true;
    const [, packets = '0', bytes = '0', chain = '', rule = ''] = ruleLine.exec(line) ?? [];
    if (chain === '') return;
    const number = (this.numbers.get(chain) ?? 0) + 1;
    this.numbers.set(chain, number);
    if (chain === guardChain) {
      this.counts.set(rule, (this.counts.get(rule) ?? 0) + 1);
      if (this.blocked.length < sshguardLimits.blocked) this.blocked.push({ rule, packets, bytes });
    } else if (this.jump === null && jump.test(rule)) {
      this.jump = { chain, number, rule: escapeControls(rule) };
    } else if (this.jump === null && this.ahead === null && chain === 'INPUT' && this.letsIn(rule)) {
      this.ahead = { chain, number, rule: escapeControls(rule) };
    }
  }

  /** Whether the rule lets the SSH of strangers in. */
  private letsIn(rule: string): boolean {
    if (!rule.endsWith('-j ACCEPT') || this.judged >= maxJudged) return false;
    this.judged += 1;
    return letsStrangersIn(rule, this.iptables.family, this.sshPorts);
  }

  end(): GuardChain {
    const { chain, jump: found, ahead, blocked, counts } = this;
    return {
      chain,
      jump: found,
      // without a jump nothing is ahead of it
      ahead: found ? ahead : null,
      blocked,
      blockedCount: [...counts.values()].reduce((sum, each) => sum + each, 0),
      count: (rule) => counts.get(rule) ?? 0,
    };
  }
}

/**
 * Whether a rule of INPUT alone would accept a new connection to one of these ports, whoever it comes from. A rule that
 * names a source or an interface is somebody's exception, and no finding.
 */
export function letsStrangersIn(rule: string, family: Family, ports: readonly number[]): boolean {
  const text = `*filter\n:INPUT DROP [0:0]\n-A INPUT ${rule}\nCOMMIT\n`;
  try {
    const judge = compileRuleSet(parseSave(text, { family }), { tables: ['filter'] });
    const packet = { family, protocol: 6, tcpFlags: ['SYN'], state: 'NEW' } as const;
    return ports.some(
      (port) => evaluate(judge, { ...packet, destinationPort: port }, 'input').verdict === 'accept',
    );
  } catch (error) {
    if (error instanceof NetfilterError) return false;
    throw error;
  }
}

const limits = { timeoutMs: 10_000, maxBytes: 0 };

/** Reads SSHGUARD's chain and the way to it. Throws ProblemError `host.failed`. */
export async function readGuardChain(iptables: Iptables, sshPorts: readonly number[]): Promise<GuardChain> {
  const reader = new GuardReader(iptables, sshPorts);
  const sink = (chunk: Buffer) => reader.feed(chunk);
  const outcome = await runProgram(iptables.programs.save, ['-c', '-t', 'filter'], { ...limits, sink });
  if (outcome.exitCode === 0) return reader.end();
  throw new ProblemError('host.failed', { detail: 'The rules could not be read.', ...wordsOf(outcome) });
}
