import { type CreatePublicIp, type DescribePublicIp, ProblemError, type PublicIp } from '@moru/types';
import type { Caller, CloudProvider } from '../cloud/provider.ts';
import { settle, UnsettledWrite } from '../settle.ts';

/**
 * A new idle address. Where the answer was lost, it is the only one of this description that was not among `known`
 * (ids); with several of those nobody can tell which one it is, and it rejects with `outcome.unknown`.
 */
export async function createIdle(
  cloud: CloudProvider,
  caller: Caller,
  { description = '' }: CreatePublicIp,
  known: ReadonlySet<string>,
): Promise<PublicIp> {
  try {
    return await cloud.createPublicIp(caller, description);
  } catch (error) {
    if (!(error instanceof UnsettledWrite)) throw error;
    return await settle(error, async () => {
      const all = await cloud.listPublicIps(caller);
      const fresh = all.filter((ip) => !known.has(ip.id) && ip.description === description && !ip.attachedTo);
      if (fresh.length > 1) throw new Error('several new addresses look the same');
      return fresh[0] ?? null;
    });
  }
}

/** Rejects with `publicIp.described` where the description is another one than the person saw. */
export async function describe(
  cloud: CloudProvider,
  caller: Caller,
  publicIp: PublicIp,
  { description, was }: DescribePublicIp,
): Promise<void> {
  if (publicIp.description !== was) throw new ProblemError('publicIp.described');
  try {
    await cloud.describePublicIp(caller, publicIp.id, description);
  } catch (error) {
    if (!(error instanceof UnsettledWrite)) throw error;
    await settle(error, async () => {
      const now = await cloud.getPublicIp(caller, publicIp.id);
      return now?.description === description || null;
    });
  }
}
