import type { HostInterface } from '@moru/types';
import { z } from 'zod';

/** Of `ip -j addr`, what is used; everything else may be there. */
const linkSchema = z.object({
  ifname: z.string(),
  flags: z.array(z.string()),
  mtu: z.int(),
  address: z.string().optional(),
  addr_info: z
    .array(
      z.object({
        family: z.string().optional(),
        local: z.string().optional(),
        prefixlen: z.int().optional(),
        scope: z.string().optional(),
      }),
    )
    .default([]),
});

/** iproute2 5.0 and others leave empty objects in the list where they show nothing. */
const listSchema = z.array(z.union([linkSchema, z.object({}).transform(() => null)]));

/** Reads `ip -j addr`. Throws a ZodError or SyntaxError for what is not that. */
export function parseInterfaces(text: string): Omit<HostInterface, 'reversePathFilter'>[] {
  const links = listSchema.parse(JSON.parse(text.trim() === '' ? '[]' : text));
  return links.flatMap((link) => {
    if (!link) return [];
    return {
      name: link.ifname,
      mac: link.address ?? null,
      up: link.flags.includes('UP'),
      carrier: link.flags.includes('LOWER_UP'),
      mtu: link.mtu,
      addresses: link.addr_info.flatMap(({ family, local, prefixlen, scope }) =>
        local !== undefined && prefixlen !== undefined && (family === 'inet' || family === 'inet6')
          ? {
              family: family === 'inet' ? ('ipv4' as const) : ('ipv6' as const),
              address: local,
              prefix: prefixlen,
              scope: scope ?? 'global',
            }
          : [],
      ),
    };
  });
}
