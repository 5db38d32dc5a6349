import type { SshguardCondition, SshguardPanel } from '@moru/types';
import { sshguardLimits } from '@moru/types';
import { sshdPorts } from '../boot/sshd-ports.ts';
import { escapeControls } from '../firewall/hostile.ts';
import type { Iptables } from '../firewall/tools.ts';
import type { Bans } from '../watch/watch.ts';
import { type Installed, readInstalled } from './installed.ts';
import { type GuardChain, readGuardChain } from './read-chain.ts';

/** The first thing that is not as it should be; reference/iptables.md section 4.3. */
function conditionOf({ installed, running, backend }: Installed, guard: GuardChain): SshguardCondition {
  if (!installed) return 'notInstalled';
  if (running === false) return 'stopped';
  if (backend?.includes('nft')) return 'nftBackend';
  if (!guard.chain) return 'chainMissing';
  return guard.jump ? 'running' : 'jumpMissing';
}

const sourceOf = (rule: string): string | null => /(?:^| )-s (\S+)/.exec(rule)?.[1] ?? null;

/** What the panel shows of one family. Throws ProblemError. */
export async function readPanel(iptables: Iptables, bans: Bans): Promise<SshguardPanel> {
  const readAt = new Date().toISOString();
  const [installed, guard] = await Promise.all([
    readInstalled(),
    sshdPorts().then((ports) => readGuardChain(iptables, ports)),
  ]);
  const { chain, jump, ahead, blockedCount } = guard;
  const { backend, running, whitelist } = installed;
  return {
    family: iptables.family,
    readAt,
    condition: conditionOf(installed, guard),
    installed: installed.installed,
    running,
    backend,
    chain,
    jump,
    ahead,
    blocked: guard.blocked.map(({ rule, packets, bytes }) => ({
      rule: escapeControls(rule),
      source: sourceOf(rule),
      packets,
      bytes,
      seenAt: bans.get(rule)?.seenAt ?? null,
      notBefore: bans.get(rule)?.notBefore ?? null,
    })),
    blockedCount,
    whitelist: whitelist && {
      path: whitelist.path,
      entries: whitelist.entries.slice(0, sshguardLimits.whitelist).map(escapeControls),
    },
  };
}
