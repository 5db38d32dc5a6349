import {
  authTokenHeader,
  bcsPaths,
  iamPaths,
  instanceAnswerSchema,
  maximumLimit,
  networkInterfaceListAnswerSchema,
  networkPaths,
  publicIpAnswerSchema,
  publicIpDetailAnswerSchema,
  subjectTokenHeader,
  tokenAnswerSchema,
} from '@moru/kakaocloud';
import { ProblemError } from '@moru/types';
import type { CloudAddresses } from '../../config.ts';
import type { Caller, CloudProvider, InterfacePlace } from '../provider.ts';
import type { SendUpstream } from '../upstream.ts';
import { createCatalogue } from './catalogue.ts';
import { ask, exchange, parseAnswer, tell } from './client.ts';
import { createLifecycle } from './lifecycle.ts';
import { createMirror, glance } from './mirror.ts';
import { assembleInstance, idlePublicIp, indexPublicIps, isBareMetal, publicIpOf } from './model.ts';
import { readAllPages } from './pages.ts';
import { createProjectLists } from './project-lists.ts';
import { createTopology } from './topology.ts';

/** KakaoCloud, or the embedded cloud that speaks its wire form (reference/kakaocloud.md C). */
export function createKakaoCloud(addresses: CloudAddresses, send: SendUpstream): CloudProvider {
  const lists = createProjectLists(addresses, send);
  const topology = createTopology(lists);

  const listPublicIps = (caller: Caller) =>
    readAllPages((offset) => lists.publicIps(caller, { offset, limit: maximumLimit }));

  const listInstances = async (caller: Caller) => {
    const all = await readAllPages((offset) => lists.instances(caller, { offset, limit: maximumLimit }));
    return all.filter(isBareMetal);
  };

  const onInterface = (place: InterfacePlace) =>
    addresses.bcs + bcsPaths.interfacePublicIps(place.instanceId, place.networkInterfaceId);

  return {
    ...createLifecycle(addresses, send),
    ...createCatalogue(addresses, send),

    async ping() {
      // without a token: any answer below 500 shows that the service is up, 401 being the usual one
      const request = {
        method: 'GET',
        url: addresses.iam + iamPaths.tokens,
        headers: {},
        once: true,
      } as const;
      const { status } = await send(request);
      if (status >= 500) throw new ProblemError('upstream.unavailable', { upstream: `HTTP ${status}` });
    },

    async signIn({ accessKeyId, secret }, requestId) {
      const answer = await exchange(
        send,
        {
          method: 'POST',
          url: addresses.iam + iamPaths.tokens,
          headers: { 'x-request-id': requestId },
          body: {
            auth: {
              identity: {
                methods: ['application_credential'],
                application_credential: { id: accessKeyId, secret },
              },
            },
          },
        },
        {
          meanings: { 400: 'credentials.invalid', 401: 'credentials.invalid', 404: 'credentials.invalid' },
          write: false,
        },
      );
      const token = answer.headers[subjectTokenHeader];
      if (!token) throw new ProblemError('upstream.unavailable', { upstream: 'the answer has no token' });
      const content = parseAnswer(answer, tokenAnswerSchema).token;
      return {
        token,
        user: { id: content.user.id, name: content.user.name },
        project: { id: content.project.id, name: content.project.name },
        roles: content.roles.map(({ name }) => name),
        expiresAt: content.expires_at,
      };
    },

    async signOut({ token, requestId }) {
      const headers = {
        [authTokenHeader]: token,
        [subjectTokenHeader]: token,
        'x-request-id': requestId,
      };
      const url = addresses.iam + iamPaths.tokens;
      await exchange(send, { method: 'DELETE', url, headers }, { write: false });
    },

    async listInstances(caller) {
      const [instances, publicIps] = await Promise.all([listInstances(caller), listPublicIps(caller)]);
      const known = await topology.read(
        caller,
        instances.flatMap(({ addresses: held }) => held.flatMap((held) => held.network_interface_id ?? [])),
      );
      const index = indexPublicIps(publicIps);
      return instances.map((instance) => assembleInstance(instance, index, known));
    },

    glance: (caller) => glance(lists, caller),
    mirrorProject: () => createMirror(lists),

    async getInstance(caller, instanceId) {
      const meanings = { 400: 'instance.notFound', 404: 'instance.notFound' } as const;
      const get = (path: string) => ({ method: 'GET', url: addresses.bcs + path, caller, meanings }) as const;
      const [{ instance }, { network_interfaces }, publicIps, known] = await Promise.all([
        ask(send, get(bcsPaths.instance(instanceId)), instanceAnswerSchema),
        ask(send, get(bcsPaths.networkInterfaces(instanceId)), networkInterfaceListAnswerSchema),
        listPublicIps(caller),
        topology.read(caller, []),
      ]);
      const interfaces = new Map(network_interfaces.map((nic) => [nic.id, nic]));
      return assembleInstance(instance, indexPublicIps(publicIps), { interfaces, subnets: known.subnets });
    },

    async listPublicIps(caller) {
      const [publicIps, instances] = await Promise.all([listPublicIps(caller), listInstances(caller)]);
      const names = new Map(instances.map(({ id, name }) => [id, name]));
      return publicIps.map((ip) => publicIpOf(ip, names));
    },

    async getPublicIp(caller, publicIpId) {
      const request = {
        method: 'GET',
        url: addresses.network + networkPaths.publicIp(publicIpId),
        caller,
        meanings: { 404: 'publicIp.notFound' },
      } as const;
      const answer = await ask(send, request, publicIpDetailAnswerSchema).catch(ignoreMissing);
      return answer ? publicIpOf(answer.public_ip, new Map()) : null;
    },

    async createPublicIp(caller, description) {
      const request = {
        method: 'POST',
        url: addresses.network + networkPaths.publicIps,
        body: { public_ip: { description } },
        caller,
        meanings: { 400: 'input.invalid', 409: 'publicIp.poolEmpty' },
      } as const;
      return idlePublicIp((await ask(send, request, publicIpAnswerSchema)).public_ip);
    },

    async describePublicIp(caller, publicIpId, description) {
      const url = addresses.network + networkPaths.publicIp(publicIpId);
      const meanings = { 400: 'input.invalid', 404: 'publicIp.notFound' } as const;
      await tell(send, { method: 'PUT', url, body: { public_ip: { description } }, caller, meanings });
    },

    async attachNewPublicIp(caller, place) {
      const meanings = { 404: 'networkInterface.notFound', 409: 'publicIp.poolEmpty' } as const;
      const request = { method: 'POST', url: onInterface(place), caller, meanings } as const;
      return idlePublicIp((await ask(send, request, publicIpAnswerSchema)).public_ip);
    },

    async attachPublicIp(caller, place, publicIpId) {
      const path = bcsPaths.interfacePublicIp(place.instanceId, place.networkInterfaceId, publicIpId);
      const meanings = { 404: 'publicIp.notFound', 409: 'publicIp.inUse' } as const;
      const request = { method: 'PUT', url: addresses.bcs + path, caller, meanings } as const;
      return idlePublicIp((await ask(send, request, publicIpAnswerSchema)).public_ip);
    },

    // not by the call of BCS that does both: it takes whatever address the interface has by then, and deletes it
    async detachPublicIp(caller, networkInterfaceId, publicIpId) {
      const url = addresses.network + networkPaths.publicIpInterface(publicIpId, networkInterfaceId);
      const meanings = { 404: 'publicIp.changed', 409: 'publicIp.changed' } as const;
      await tell(send, { method: 'DELETE', url, caller, meanings });
    },

    async deletePublicIp(caller, publicIpId) {
      const url = addresses.network + networkPaths.publicIp(publicIpId);
      const meanings = { 404: 'publicIp.notFound', 409: 'publicIp.inUse' } as const;
      await tell(send, { method: 'DELETE', url, caller, meanings }).catch(ignoreMissing);
    },
  };
}

function ignoreMissing(error: unknown): void {
  if (!(error instanceof ProblemError) || error.problem.code !== 'publicIp.notFound') throw error;
}
