import type { Outside } from './outside.ts';

/** The guide's picture: two interfaces, two default gateways of one metric, that of eth0 first. */
export const twoGateways = [
  'default via 198.168.0.1 dev eth0 metric 100',
  'default via 10.10.0.1 dev eth1 metric 100',
];

/** Puts web-02's default gateways back to what its image has. */
export async function resetGateways(outside: Outside): Promise<void> {
  await outside.onHost('web-02', 'ip', 'route', 'flush', 'exact', '0.0.0.0/0');
  for (const route of twoGateways) {
    await outside.onHost('web-02', 'ip', 'route', 'append', ...route.split(' '));
  }
}

/** The default gateways of web-02 as `ip route` prints them, in the kernel's order. */
export async function gatewaysOf(outside: Outside): Promise<string[]> {
  const text = await outside.onHost('web-02', 'ip', 'route', 'show', 'exact', '0.0.0.0/0');
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter(Boolean);
}
