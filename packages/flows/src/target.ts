import { randomBytes } from 'node:crypto';
import type { Role, SignIn } from '@moru/types';

/** How flows look at a host and act on it beside the console. */
export type HostAccess = 'namespaces' | 'ssh' | 'console';

/** An installation that somebody else runs, as the environment describes it. */
export interface Elsewhere {
  url: string;
  keys: Partial<Record<Role, SignIn & { accessKeyId: string; secret: string }>>;
  /** flows that change things there run only when somebody said so */
  mayChange: boolean;
  hosts: Exclude<HostAccess, 'namespaces'>;
  /** with `ssh`: the command before the host's address, `ssh -i KEY -l ubuntu` */
  ssh: string[];
}

/** What is wrong with the environment, one sentence. */
export class TargetError extends Error {}

/**
 * null without BASE_URL: every worker starts an embedded installation of its own. Throws a TargetError for what is
 * missing or contradicts itself.
 */
export function readTarget(environment: NodeJS.ProcessEnv): Elsewhere | null {
  const base = environment.BASE_URL;
  if (!base) return null;
  const url = URL.canParse(base) ? new URL(base) : null;
  if (!url || !/^https?:$/.test(url.protocol)) throw new TargetError(`BASE_URL is not a URL: ${base}`);
  const hosts = environment.MORU_HOST_ACCESS ?? 'console';
  if (hosts !== 'ssh' && hosts !== 'console') {
    throw new TargetError('MORU_HOST_ACCESS takes ssh or console');
  }
  const keys = readKeys(environment);
  if (Object.keys(keys).length === 0) {
    throw new TargetError('BASE_URL needs an access key: MORU_ADMIN_KEY_ID and MORU_ADMIN_SECRET');
  }
  return {
    url: url.origin,
    keys,
    mayChange: environment.MORU_ALLOW_CHANGES === '1',
    hosts,
    ssh: (environment.MORU_SSH ?? 'ssh -o BatchMode=yes').split(/\s+/).filter(Boolean),
  };
}

function readKeys(environment: NodeJS.ProcessEnv): Elsewhere['keys'] {
  const roles = ['admin', 'member', 'reader'] as const;
  const named = roles.flatMap((role) => {
    const accessKeyId = environment[`MORU_${role.toUpperCase()}_KEY_ID`];
    const secret = environment[`MORU_${role.toUpperCase()}_SECRET`];
    if (!accessKeyId && !secret) return [];
    if (!accessKeyId || !secret) {
      throw new TargetError(`MORU_${role.toUpperCase()}_KEY_ID and …_SECRET go together`);
    }
    return [[role, { accessKeyId, secret }] as const];
  });
  return Object.fromEntries(named);
}

/**
 * The name of an instance of the target that stands in for one of the embedded installation:
 * `MORU_INSTANCES=web-01=prod-web-3,web-02=prod-gw`. Without an entry it is the name itself.
 */
export function instanceName(wanted: string, environment: NodeJS.ProcessEnv = process.env): string {
  const pairs = (environment.MORU_INSTANCES ?? '').split(',').map((pair) => pair.trim().split('='));
  return pairs.find(([name]) => name === wanted)?.[1] ?? wanted;
}

/** Marks what a run makes, so that `--sweep` finds it: the same in all workers, since they inherit it. */
export function runId(environment: NodeJS.ProcessEnv = process.env): string {
  environment.MORU_RUN_ID ??= randomBytes(4).toString('hex');
  return environment.MORU_RUN_ID;
}

/** What `--sweep` knows things of any run by: the comment of a rule. */
export const markOf = (run: string) => `moru-flow ${run}`;
export const isMark = (text: string | null | undefined) => /^moru-flow [0-9a-f]{8}$/.test(text ?? '');

/** Whether a flow may run, and the reason where it may not. */
export function refusal(
  target: Elsewhere | null,
  flow: { tags: readonly string[]; changes: readonly string[] },
): string | null {
  if (!target) return null;
  if (!flow.tags.includes('@anywhere')) return 'needs an embedded installation of its own';
  if (flow.changes.length > 0 && !target.mayChange) {
    return `changes ${flow.changes.join(', ')}: allowed by MORU_ALLOW_CHANGES=1`;
  }
  return null;
}
