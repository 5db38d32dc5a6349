import {
  apiPaths,
  authorityViewSchema,
  decisionRequestSchema,
  type Host,
  hostListQuerySchema,
  hostListSchema,
  hostSchema,
  hostStateSchema,
  issuedTokenSchema,
  ProblemError,
  printJoinToken,
  rotationRequestSchema,
  tokenRequestSchema,
} from '@moru/types';
import { z } from 'zod';
import type { Caller, CloudInstance, CloudProvider } from '../cloud/provider.ts';
import { instanceParams, pathPattern } from '../http/paths.ts';
import { mutation, type Route, route } from '../http/route.ts';
import type { SignedIn } from '../session/sessions.ts';
import type { Authorities } from './authorities.ts';
import type { Enrolments } from './enrolments.ts';
import type { HostViews } from './host-views.ts';
import type { Rotation } from './rotation.ts';
import type { JoinTokens } from './tokens.ts';

export interface HostRouteParts {
  cloud: CloudProvider;
  authorities: Authorities;
  tokens: JoinTokens;
  enrolments: Enrolments;
  views: HostViews;
  rotation: Rotation;
  /** where hosts reach the listener; null where there is none */
  server: string | null;
  /** whether a token may approve by itself */
  automatic: boolean;
  installCommand: string | null;
  /** an instance's certificates have changed: what was known of it is old, and what is open by an ended one is cut */
  changed(instanceId: string): void;
  /** asks the agents of these instances to check in */
  nudge(caller: Caller, instances: readonly CloudInstance[]): void;
}

const tokenParams = instanceParams.extend({ tokenId: z.string().regex(/^[A-Za-z0-9_-]{1,64}$/) });
const defaultLimit = 50;

export function hostRoutes(parts: HostRouteParts): Route[] {
  const { cloud, tokens, enrolments, views, rotation } = parts;

  /** The cloud need not know an instance any more for its host to be decided upon. */
  const findHost = async (caller: Caller, session: SignedIn, instanceId: string): Promise<Host> => {
    const instance = await cloud.getInstance(caller, instanceId).catch((error: unknown) => {
      if (error instanceof ProblemError && error.problem.code === 'instance.notFound') return null;
      throw error;
    });
    const host = await views.find(session.project.id, instanceId, instance);
    if (!host) throw new ProblemError('instance.notFound');
    return host;
  };

  /** By our own store alone: ending a certificate does not wait for the cloud. */
  const knownHost = async ({
    session,
    input,
  }: {
    session: SignedIn;
    input: { params: { instanceId: string } };
  }) => {
    const host = await views.find(session.project.id, input.params.instanceId, null);
    if (!host) throw new ProblemError('agent.notEnrolled');
    return host;
  };

  const placeOf = ({ session, input }: { session: SignedIn; input: { params: { instanceId: string } } }) => ({
    instanceId: input.params.instanceId,
    projectId: session.project.id,
  });
  const target = (instanceId: string) => ({ type: 'instance', id: instanceId });

  return [
    route({
      method: 'get',
      path: apiPaths.hosts,
      policy: 'host.view',
      input: { query: z.strictObject(hostListQuerySchema.shape) },
      output: hostListSchema,
      async handle({ caller, session, input: { query } }) {
        const readAt = new Date().toISOString();
        const all = await views.list(session.project.id, await cloud.listInstances(caller));
        const { limit = defaultLimit, offset = 0 } = query;
        const rows = all.filter((host) => matches(host, query));
        const enrolment = { available: parts.server !== null, automatic: parts.automatic };
        return {
          hosts: rows.slice(offset, offset + limit),
          page: { total: rows.length, offset, limit },
          counts: countsOf(all),
          enrolment,
          readAt,
        };
      },
    }),

    route({
      method: 'get',
      path: pathPattern(apiPaths.host(':instanceId')),
      policy: 'host.view',
      input: { params: instanceParams },
      output: hostSchema,
      handle: ({ caller, session, input }) => findHost(caller, session, input.params.instanceId),
    }),

    mutation({
      method: 'post',
      path: pathPattern(apiPaths.hostTokens(':instanceId')),
      policy: 'host.enrol',
      input: { params: instanceParams, body: tokenRequestSchema },
      output: issuedTokenSchema,
      audit: ({ params, body }) => ({ target: target(params.instanceId), detail: body }),
      async prepare({ caller, input: { params, body } }) {
        if (parts.server === null) throw new ProblemError('enrolment.unavailable');
        if (body.approval === 'automatic' && !parts.automatic) throw new ProblemError('enrolment.automatic');
        return cloud.getInstance(caller, params.instanceId);
      },
      async handle({ session, input: { body } }, instance) {
        const [issuer] = await parts.authorities.read();
        const authority = issuer?.fingerprint ?? '';
        const place = {
          instanceId: instance.id,
          instanceName: instance.name,
          projectId: session.project.id,
        };
        const made = await tokens.make(place, { ...body, authority, createdBy: session.user.name });
        const token = printJoinToken(made.token);
        return {
          ...made.open,
          token,
          authority,
          server: parts.server ?? '',
          installCommand: parts.installCommand,
          enrolCommand: `sudo moru-agent enrol --server ${parts.server} --token ${token}`,
        };
      },
      outcome: ({ id, expiresAt }) => ({ token: id, expiresAt }),
    }),

    mutation({
      method: 'delete',
      path: pathPattern(apiPaths.hostToken(':instanceId', ':tokenId')),
      policy: 'host.enrol',
      input: { params: tokenParams },
      output: null,
      audit: ({ params }) => ({ target: target(params.instanceId), detail: { token: params.tokenId } }),
      prepare: knownHost,
      handle: (call) => tokens.revoke(placeOf(call), call.input.params.tokenId),
    }),

    mutation({
      method: 'post',
      path: pathPattern(apiPaths.hostApproval(':instanceId')),
      policy: 'host.approve',
      input: { params: instanceParams, body: decisionRequestSchema },
      output: hostSchema,
      audit: ({ params, body }) => ({ target: target(params.instanceId), detail: body }),
      prepare: knownHost,
      async handle(call) {
        const { params, body } = call.input;
        await enrolments.approve(placeOf(call), body.fingerprint, call.session.user.name);
        parts.changed(params.instanceId);
        return knownHost(call);
      },
      outcome: ({ certificate }) => ({ serial: certificate?.serial, expiresAt: certificate?.expiresAt }),
    }),

    mutation({
      method: 'post',
      path: pathPattern(apiPaths.hostRefusal(':instanceId')),
      policy: 'host.approve',
      input: { params: instanceParams, body: decisionRequestSchema },
      output: null,
      audit: ({ params, body }) => ({ target: target(params.instanceId), detail: body }),
      prepare: knownHost,
      handle: (call) => enrolments.refuse(placeOf(call), call.input.body.fingerprint, call.session.user.name),
    }),

    mutation({
      method: 'post',
      path: pathPattern(apiPaths.hostRevocation(':instanceId')),
      policy: 'host.revoke',
      irrevocable: () => true,
      input: { params: instanceParams },
      output: null,
      audit: ({ params }) => ({ target: target(params.instanceId), detail: {} }),
      prepare: knownHost,
      found: (_input, { certificate }) => ({ serial: certificate?.serial ?? null }),
      async handle(call) {
        await enrolments.revoke(placeOf(call), call.session.user.name);
        parts.changed(call.input.params.instanceId);
      },
    }),

    route({
      method: 'get',
      path: apiPaths.authority,
      policy: 'host.view',
      input: {},
      output: authorityViewSchema,
      handle: ({ session }) => rotation.view(session.project.id),
    }),

    mutation({
      method: 'post',
      path: apiPaths.authority,
      policy: 'authority.rotate',
      irrevocable: ({ body }) => body.to === 'done',
      input: { body: rotationRequestSchema },
      output: authorityViewSchema,
      audit: ({ body }) => ({ target: { type: 'authority', id: body.authority }, detail: { to: body.to } }),
      prepare: async () => ({ name: null }),
      async handle({ caller, session, input: { body } }) {
        const projectId = session.project.id;
        await rotation.advance({ ...body, by: session.user.name, projectId });
        // hosts check in by themselves too, only later
        const instances = await cloud.listInstances(caller).catch(() => []);
        parts.nudge(caller, instances);
        return rotation.view(projectId);
      },
      outcome: ({ fingerprint }) => ({ fingerprint }),
    }),
  ];
}

function matches(
  { instanceId, name, address, state }: Host,
  query: { q?: string | undefined; state?: string | undefined },
): boolean {
  if (query.state !== undefined && state !== query.state) return false;
  const text = (query.q ?? '').toLowerCase();
  return [instanceId, name ?? '', address ?? ''].some((part) => part.toLowerCase().includes(text));
}

function countsOf(hosts: readonly Host[]): Record<Host['state'], number> {
  const counts = Object.fromEntries(hostStateSchema.options.map((state) => [state, 0])) as Record<
    Host['state'],
    number
  >;
  for (const { state } of hosts) counts[state] += 1;
  return counts;
}
