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
