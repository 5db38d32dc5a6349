import { randomUUID } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import type { RouteEdit, TrialStarted } from '@moru/types';
import { advance, findPending } from '../trial/arbiter.ts';
import { uptime } from '../trial/clock.ts';
import type { Answer } from './client.ts';
import type { TestHost } from './host.ts';

export { until } from './until.ts';

/** The shortest wait that hosts under test allow: long enough for a busy machine to apply, short enough to wait for. */
export const shortWait = { MORU_AGENT_MIN_WAIT_SECONDS: '1', MORU_AGENT_TESTING: '1' };

/** Established connections go on, new ones are dropped: neither the agent nor anything else can be reached any more. */
export const cutOff = [
  ':INPUT DROP [0:0]',
  '-A INPUT -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT',
  '-A INPUT -i lo -j ACCEPT',
];

/** What tests of trials ask of a host. */
export function trialClient(
  host: Pick<TestHost, 'client' | 'folder' | 'pid' | 'run'> & { hostname?: string },
) {
  const { client } = host;
  const trials = join(host.folder, 'trial');
  /** as the host sees it, whatever is mounted there */
  const seen = () => `/proc/${host.pid}/root${trials}`;
  const ask = { ipv4: 'iptables', ipv6: 'ip6tables' } as const;

  /** Starts a trial, having seen what it may cut. */
  const insist = async (request: object): Promise<Answer> => {
    const acknowledged = { hostname: host.hostname ?? hostname(), paths: [] };
    const answer = await client('POST', '/v1/trials', { acknowledged, ...request });
    if (answer.body?.code !== 'trial.pathUnknown') return answer;
    const paths = answer.body.access.needs.unknown;
    return client('POST', '/v1/trials', { acknowledged: { ...acknowledged, paths }, ...request });
  };

  return {
    trials,
    revision: async (family: 'ipv4' | 'ipv6' = 'ipv4'): Promise<string> =>
      (await client('GET', `/v1/firewall?family=${family}`)).body.revision,

    /** Starts a trial for the filter table of IPv4 with these headers and rules. */
    async start(lines: string[], more: object = {}): Promise<Answer & { body: TrialStarted }> {
      const { revision } = (await client('GET', '/v1/firewall?family=ipv4')).body;
      const rules = `*filter\n${lines.join('\n')}\nCOMMIT\n`;
      return insist({
        ipv4: { revision, rules },
        idempotencyKey: randomUUID(),
        author: 'tester',
        waitSeconds: 30,
        ...more,
      });
    },

    /**
     * Moves the deadline of the pending trial to so many seconds from now, by the rename with which extending does. A
     * short wait that was asked for may be over on a busy machine before the change is made.
     */
    async expireIn(seconds: number): Promise<void> {
      const pending = await findPending(seen());
      const moved =
        pending && (await advance(seen(), pending, { deadline: uptime() + Math.round(seconds * 100) }));
      if (!moved) throw new Error('no trial is pending');
    },

    /** Starts a trial for these edits of the routes. */
    async startRoutes(edits: RouteEdit[], more: object = {}): Promise<Answer> {
      const { revision } = (await client('GET', '/v1/routing')).body;
      return insist({
        routes: { revision, edits },
        idempotencyKey: randomUUID(),
        author: 'tester',
        waitSeconds: 30,
        ...more,
      });
    },

    /** The trial whose change is in force, as the host's disk has it; null where there is none. */
    async applied(): Promise<{ id: string; remainingMs: number } | null> {
      const pending = await findPending(seen());
      if (pending?.phase !== 'applied') return null;
      return { id: pending.id, remainingMs: (pending.deadline - uptime()) * 10 };
    },

    confirm: (id: string, secret: string | null) => client('POST', `/v1/trials/${id}/confirm`, { secret }),
    revert: (id: string) => client('POST', `/v1/trials/${id}/revert`, { author: 'tester' }),
    find: (id: string) => client('GET', `/v1/trials/${id}`),

    /** The rules as the host prints them, without comments and counters. */
    async rules(family: 'ipv4' | 'ipv6' = 'ipv4'): Promise<string> {
      const { stdout } = await host.run(`${ask[family]}-save`, []);
      return stdout.replace(/^#.*\n/gm, '').replace(/\[\d+:\d+\]/g, '[0:0]');
    },

    /** Whether a new connection to the agent gets an answer within `ms`. */
    reachable: (ms = 700) =>
      Promise.race([
        client('GET', '/v1/version').then(
          () => true,
          () => false,
        ),
        new Promise<boolean>((resolve) => setTimeout(resolve, ms, false)),
      ]),

    /** Names of the trial's folders on the host's disk. */
    async folders(id: string): Promise<string[]> {
      const names = await readdir(seen());
      const pending = await readdir(join(seen(), 'pending')).catch(() => []);
      return [...names, ...pending.map((name) => `pending/${name}`)].filter((name) => name.includes(id));
    },

    /** Process number of the trial's guard, as the host counts. Throws where there is none: kill(2) takes 0 for all. */
    async guardPid(): Promise<number> {
      const { stdout, stderr } = await host.run('sh', ['-c', `cat ${trials}/pending/*/alive`]);
      const pid = Number(stdout.split(' ')[0]);
      if (!(pid > 0)) throw new Error(`no trial has a guard: ${stderr}`);
      return pid;
    },
  };
}

export type TrialClient = ReturnType<typeof trialClient>;
