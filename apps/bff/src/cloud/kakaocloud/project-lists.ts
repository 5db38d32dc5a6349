import {
  bcsPaths,
  type Instance,
  instanceAnswerSchema,
  instanceListAnswerSchema,
  networkInterfaceListAnswerSchema,
  networkPaths,
  publicIpListAnswerSchema,
  subnetListAnswerSchema,
  vpcPaths,
} from '@moru/kakaocloud';
import { ProblemError } from '@moru/types';
import type { CloudAddresses } from '../../config.ts';
import type { Caller } from '../provider.ts';
import type { SendUpstream } from '../upstream.ts';
import { ask } from './client.ts';
import type { PageQuery } from './mirrored-list.ts';

export type ProjectLists = ReturnType<typeof createProjectLists>;

/** One page of each list that an instance is put together from. */
export function createProjectLists(addresses: CloudAddresses, send: SendUpstream) {
  const get = (caller: Caller, url: string, query: object) =>
    ({ method: 'GET', url, query: { ...query }, caller }) as const;
  return {
    async instances(caller: Caller, query: Partial<PageQuery>) {
      const request = get(caller, addresses.bcs + bcsPaths.instances, { ...query, instance_type: 'bm' });
      const { instances, pagination } = await ask(send, request, instanceListAnswerSchema);
      return { rows: instances, total: pagination.total };
    },
    async publicIps(caller: Caller, query: Partial<PageQuery>) {
      const request = get(caller, addresses.network + networkPaths.publicIps, query);
      const { public_ips, pagination } = await ask(send, request, publicIpListAnswerSchema);
      return { rows: public_ips, total: pagination.total };
    },
    async interfaces(caller: Caller, query: Partial<PageQuery>) {
      const request = get(caller, addresses.vpc + vpcPaths.networkInterfaces, query);
      const answer = await ask(send, request, networkInterfaceListAnswerSchema);
      const rows = answer.network_interfaces;
      return { rows, total: answer.pagination?.total ?? rows.length };
    },
    async subnets(caller: Caller, query: Partial<PageQuery>) {
      const request = get(caller, addresses.vpc + vpcPaths.subnets, query);
      const { subnets, pagination } = await ask(send, request, subnetListAnswerSchema);
      return { rows: subnets, total: pagination.total };
    },
    /** null when it is gone */
    async instance(caller: Caller, id: string): Promise<Instance | null> {
      const meanings = { 400: 'instance.notFound', 404: 'instance.notFound' } as const;
      const request = { ...get(caller, addresses.bcs + bcsPaths.instance(id), {}), meanings };
      try {
        return (await ask(send, request, instanceAnswerSchema)).instance;
      } catch (error) {
        if (error instanceof ProblemError && error.problem.code === 'instance.notFound') return null;
        throw error;
      }
    },
  };
}
