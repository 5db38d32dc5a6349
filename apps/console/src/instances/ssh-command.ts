import type { Installation, Instance } from '@moru/types';

// KakaoCloud's images name the first account after the distribution; everything else is asked for by hand
const accounts = ['ubuntu', 'debian', 'rocky', 'centos', 'almalinux', 'fedora'];

/**
 * What has to be known to use the command:
 * - `private` the address is reached from within the VPC only
 * - `key` where the key file lies is a guess: whoever made the key pair has it
 * - `embedded` the hosts are on a network inside one machine, with their keys
 * - `simulated` no SSH server answers
 */
export type SshNote = 'private' | 'key' | 'embedded' | 'simulated';

export interface SshCommand {
  command: string;
  notes: SshNote[];
}

type Known = Pick<Installation, 'embedded' | 'hosts'>;

/** The command that opens a session, over the Public IP where there is one; null without any address. */
export function sshCommand(
  instance: Pick<Instance, 'image' | 'keyName' | 'networkInterfaces'>,
  { embedded, hosts }: Known,
): SshCommand | null {
  const [first] = instance.networkInterfaces;
  const reachable = instance.networkInterfaces.find((nic) => nic.publicIp?.status === 'in_use');
  const address = reachable?.publicIp?.address ?? first?.privateIp;
  if (!address) return null;
  const image = instance.image?.toLowerCase() ?? '';
  const account = accounts.find((name) => image.includes(name)) ?? 'ubuntu';
  const hasKey = !embedded && instance.keyName !== null && /^[\w.-]+$/.test(instance.keyName);
  const key = hasKey ? `-i ~/.ssh/${instance.keyName}.pem ` : '';
  const command = `ssh ${key}${account}@${address}`;
  if (hosts === 'simulated') return { command, notes: ['simulated'] };
  return {
    command,
    notes: [
      ...(reachable ? [] : (['private'] as const)),
      ...(hasKey ? (['key'] as const) : []),
      ...(embedded ? (['embedded'] as const) : []),
    ],
  };
}
