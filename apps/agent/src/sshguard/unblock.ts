import { NetfilterError, parseRule, printRule } from '@moru/netfilter';
import { ProblemError, type Unblock } from '@moru/types';
import { sshdPorts } from '../boot/sshd-ports.ts';
import { afterwards } from '../firewall/state.ts';
import { type Iptables, isBusy, wordsOf } from '../firewall/tools.ts';
import { runProgram } from '../process/start.ts';
import { restoreCommand } from '../trial/guard-plan.ts';
import { guardChain, readGuardChain } from './read-chain.ts';

const limits = { timeoutMs: 8_000, maxBytes: 64 * 1024 };

/**
 * Takes one block out of SSHGUARD's chain: the one exception from leaving other programs' chains alone
 * (design/safe-change.md, step 1). The rule is named by all of its words, which must stand in the chain just so; its
 * program then has nothing to release, which it takes well (reference/iptables.md section 4.3). Throws ProblemError
 * `sshguard.notBlocked`, `rule.refused`, `host.busy` or `outcome.unknown`.
 */
export async function unblock(iptables: Iptables, { rule }: Unblock): Promise<void> {
  const ports = await sshdPorts();
  const before = (await readGuardChain(iptables, ports)).count(rule);
  if (before === 0) throw new ProblemError('sshguard.notBlocked');
  const { program, args } = restoreCommand(iptables);
  // no header: one would set a policy that somebody may have changed meanwhile
  const input = `*filter\n-D ${guardChain} ${wordsOfBlock(rule, iptables)}\nCOMMIT\n`;
  const outcome = await runProgram(program, args, limits, input);
  const after = await afterwards(() => readGuardChain(iptables, ports));
  // gone is what was asked for, whether by us or by SSHGUARD itself
  if (after.count(rule) < before) return;
  if (outcome.exitCode === 0 || outcome.exitCode === null) throw new ProblemError('outcome.unknown');
  throw new ProblemError(isBusy(outcome, iptables) ? 'host.busy' : 'rule.refused', wordsOf(outcome));
}

/** The rule in our own print. Throws ProblemError `rule.refused` for one that is not printed as it stands. */
function wordsOfBlock(rule: string, { family }: Iptables): string {
  try {
    const words = printRule(parseRule(rule, { family }));
    if (words === rule) return words;
  } catch (error) {
    if (!(error instanceof NetfilterError)) throw error;
  }
  throw new ProblemError('rule.refused', { detail: 'This block can only be taken out on the host itself.' });
}
