import type { Ground } from './hosts.ts';
import type { SeededAccount } from './identity.ts';

/** What a starting installation says about its accounts, a line for each. */
export function accountLines(accounts: SeededAccount[]): string {
  return accounts
    .map(
      ({ name, accessKeyId, secret }) =>
        `    ${name.padEnd(7)} access key ID ${accessKeyId}   secret ${secret}\n`,
    )
    .join('');
}

/** Empty where hosts are real. */
export function simulationNote({ kind, reason }: Pick<Ground, 'kind' | 'reason'>): string {
  if (kind !== 'simulated') return '';
  return `  Hosts are SIMULATED (${reason}): rules change in memory only.\n\n`;
}

/** How to ask a host as somebody on the internet would, which is a namespace too; empty where hosts are simulated. */
export function outsideNote({ pids }: Pick<Ground, 'pids'>): string {
  if (!pids) return '';
  return `  From the internet (198.51.100.10), as root:  nsenter -t ${pids.internet} -n curl -m 5 http://PUBLIC_IP/\n\n`;
}
