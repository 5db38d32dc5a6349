/** Chains that other programs own, by the beginning of their name (design/safe-change.md, step 1). */
const owners: ReadonlyArray<readonly [prefix: string, owner: string]> = [
  ['f2b-', 'fail2ban'],
  ['fail2ban-', 'fail2ban'],
  ['DOCKER', 'docker'],
  ['KUBE-', 'kubernetes'],
  ['CNI-', 'kubernetes'],
  ['FLANNEL-', 'kubernetes'],
  ['CILIUM_', 'kubernetes'],
  ['OLD_CILIUM_', 'kubernetes'],
  ['cali-', 'calico'],
  ['ufw-', 'ufw'],
  ['ufw6-', 'ufw'],
  ['LIBVIRT', 'libvirt'],
  ['NETAVARK-', 'podman'],
  ['NETAVARK_', 'podman'],
  ['ts-', 'tailscale'],
];

/** Names the owner of a chain that is not ours to write, by the chain's name; null for one that is. */
export type OwnerOf = (chain: string) => string | null;

/** The program that owns a chain of this name (`sshguard`, `docker` …), or null when it is ours to write. */
export function foreignOwner(chain: string): string | null {
  if (chain === 'sshguard') return 'sshguard';
  return owners.find(([prefix]) => chain.startsWith(prefix))?.[1] ?? null;
}
