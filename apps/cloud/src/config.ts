import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { type Account, accountsSchema } from './iam/accounts.ts';
import { type Durations, defaultDurations, transitions } from './instances/lifecycle.ts';

export interface CloudConfig {
  host: string;
  port: number;
  dataDirectory: string;
  hostsSocket: string | null;
  accounts: Account[];
  attachMs: number;
  durations: Durations;
  servers: number;
  fleet: number;
  checkAnswers: boolean;
  faults: boolean;
}

/** Everything that is wrong with the configuration, one line each. */
export class ConfigError extends Error {
  readonly problems: string[];

  constructor(problems: string[]) {
    super(problems.join('\n'));
    this.name = 'ConfigError';
    this.problems = problems;
  }
}

const required = z.string('is required').min(1, 'is empty');

const listenSchema = required
  .regex(/^(\[[0-9a-fA-F:]+\]|[^\s:[\]]+):\d{1,5}$/, 'must be host:port')
  .transform((text) => {
    const colon = text.lastIndexOf(':');
    return { host: text.slice(0, colon).replace(/^\[|\]$/g, ''), port: Number(text.slice(colon + 1)) };
  })
  .refine(({ port }) => port <= 65_535, 'port must be at most 65535');

// An hour is beyond any use; a longer timer than 2^31 ms would fire at once.
const longestMs = 3_600_000;
const flag = z.enum(['0', '1']).default('0');

const environmentSchema = z.object({
  MORU_CLOUD_LISTEN: listenSchema,
  MORU_CLOUD_DATA: required,
  MORU_HOSTS_SOCKET: required.optional(),
  MORU_ACCOUNTS: required.transform(readAccounts),
  MORU_CLOUD_ATTACH_MS: z.coerce.number().int().min(0).max(longestMs).default(1500),
  MORU_CLOUD_DURATIONS: z.string().default('').transform(readDurations),
  MORU_CLOUD_SERVERS: z.coerce.number().int().min(1).max(100_000).default(500),
  MORU_CLOUD_FLEET: z.coerce.number().int().min(0).max(10_000).default(0),
  MORU_CLOUD_CHECK_ANSWERS: flag,
  MORU_CLOUD_FAULTS: flag,
});

function readAccounts(path: string, context: z.RefinementCtx): Account[] {
  try {
    const parsed = accountsSchema.safeParse(JSON.parse(readFileSync(path, 'utf8')));
    if (parsed.success) return parsed.data;
    for (const issue of parsed.error.issues) {
      context.addIssue({ code: 'custom', message: `${path}: ${issue.path.join('.')}: ${issue.message}` });
    }
  } catch (error) {
    // A JSON error quotes the text, which holds secrets.
    const reason = error instanceof SyntaxError ? 'is not JSON' : 'cannot be read';
    context.addIssue({ code: 'custom', message: `${path} ${reason}` });
  }
  return z.NEVER;
}

/** `spawning=500,deleting=0`, or `all=50`: milliseconds by transition; what is not named stays as it is. */
function readDurations(text: string, context: z.RefinementCtx): Durations {
  const durations = { ...defaultDurations };
  for (const part of text.split(',').filter(Boolean)) {
    const [, name, ms] = /^([a-z_-]+)=(\d{1,7})$/.exec(part.trim()) ?? [];
    const named = transitions.filter((transition) => name === 'all' || name === transition);
    if (named.length === 0 || Number(ms) > longestMs) {
      context.addIssue({ code: 'custom', message: `'${part}' is not TRANSITION=MS or all=MS` });
      return z.NEVER;
    }
    for (const transition of named) durations[transition] = Number(ms);
  }
  return durations;
}

/** @throws ConfigError naming every problem at once */
export function readConfig(environment: Record<string, string | undefined>): CloudConfig {
  const parsed = environmentSchema.safeParse(environment);
  if (!parsed.success) {
    throw new ConfigError(parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`));
  }
  const { data } = parsed;
  return {
    host: data.MORU_CLOUD_LISTEN.host,
    port: data.MORU_CLOUD_LISTEN.port,
    dataDirectory: data.MORU_CLOUD_DATA,
    hostsSocket: data.MORU_HOSTS_SOCKET ?? null,
    accounts: data.MORU_ACCOUNTS,
    attachMs: data.MORU_CLOUD_ATTACH_MS,
    durations: data.MORU_CLOUD_DURATIONS,
    servers: data.MORU_CLOUD_SERVERS,
    fleet: data.MORU_CLOUD_FLEET,
    checkAnswers: data.MORU_CLOUD_CHECK_ANSWERS === '1',
    faults: data.MORU_CLOUD_FAULTS === '1',
  };
}
