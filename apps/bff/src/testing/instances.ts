import type { Instance, PublicIp } from '@moru/types';
import type { Browser } from './browser.ts';

/** One of the seeded instances, by name. */
export async function instanceNamed(browser: Browser, name: string): Promise<Instance> {
  const { body } = await browser.get(`/api/instances?q=${name}`);
  const found = body.instances?.find((each: Instance) => each.name === name);
  if (!found) throw new Error(`no instance ${name}: ${JSON.stringify(body)}`);
  return found;
}

export async function publicIps(browser: Browser): Promise<PublicIp[]> {
  return (await browser.get('/api/public-ips')).body.publicIps;
}

/** Path of an interface's Public IP. */
export function interfacePath({ id, networkInterfaces }: Instance, index = 0): string {
  return `/api/instances/${id}/network-interfaces/${networkInterfaces[index]?.id}/public-ip`;
}
