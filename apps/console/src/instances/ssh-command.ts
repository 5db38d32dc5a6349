import type { Instance } from '@moru/types';

// KakaoCloud's images name the first account after the distribution; everything else is asked for by hand
const accounts = ['ubuntu', 'debian', 'rocky', 'centos', 'almalinux', 'fedora'];

/** The command that opens a session, over the Public IP where there is one; null without any address. */
export function sshCommand(
  instance: Pick<Instance, 'image' | 'keyName' | 'networkInterfaces'>,
): string | null {
  const [first] = instance.networkInterfaces;
  const reachable = instance.networkInterfaces.find((nic) => nic.publicIp?.status === 'in_use');
  const address = reachable?.publicIp?.address ?? first?.privateIp;
  if (!address) return null;
  const image = instance.image?.toLowerCase() ?? '';
  const account = accounts.find((name) => image.includes(name)) ?? 'ubuntu';
  const key =
    instance.keyName && /^[\w.-]+$/.test(instance.keyName) ? `-i ~/.ssh/${instance.keyName}.pem ` : '';
  return `ssh ${key}${account}@${address}`;
}
