import { apiPaths, type Operation, type ReleasePublicIps } from '@moru/types';
import { post } from '../http/client.ts';
import { RequestError } from '../http/request-error.ts';
import { endOf } from '../instances/lifecycle/lifecycle-requests.ts';

/** An address where it was seen; `networkInterfaceId` is null for an idle one. */
export type SeenAddress = ReleasePublicIps['publicIps'][number];

/** Takes addresses off their interfaces and gives them back: one operation with an item for each, resolved to as soon as it is written down. */
export function beginRelease(addresses: readonly SeenAddress[]): Promise<Operation> {
  const publicIps = addresses.map(({ id, networkInterfaceId }) => ({ id, networkInterfaceId }));
  return post(apiPaths.publicIpRelease, { publicIps } satisfies ReleasePublicIps);
}

/** The same to its end. Rejects with why one address is not given back, or `outcome.unknown` where that takes too long. */
export async function release(addresses: readonly SeenAddress[]): Promise<void> {
  const { state, problem } = await endOf(await beginRelease(addresses));
  if (state === 'succeeded') return;
  throw new RequestError(problem?.code ?? 'outcome.unknown', problem ?? {});
}
