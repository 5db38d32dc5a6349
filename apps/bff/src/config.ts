import { readFileSync } from 'node:fs';
import { isIP } from 'node:net';
import { type Installation, roleSchema } from '@moru/types';
import { z } from 'zod';
import { environmentSchema } from './environment.ts';
import type { StorePlace } from './store/store.ts';

const accountSchema = z.object({
  id: z.string(),
  name: z.string(),
  role: roleSchema,
  accessKeyId: z.string(),
  secret: z.string(),
});
/** A seeded account of the embedded cloud. Its key signs in on the visitor's behalf and never leaves the process. */
export type SeededAccount = z.infer<typeof accountSchema>;

export type ListenAddress = { kind: 'unix'; path: string } | { kind: 'tcp'; host: string; port: number };

/** How hosts become known (enrolment/). */
export interface EnrolmentSettings {
  /** null: hosts cannot enrol here */
  listen: { host: string; port: number; url: string } | null;
  automatic: boolean;
  certificateLifeMs: number;
  checkInSeconds: number;
  /** null where the image brings the agent */
  installCommand: string | null;
}

export interface CloudAddresses {
  iam: string;
  bcs: string;
  network: string;
  vpc: string;
  image: string;
}

/** As configured; `config`: base URL of the Config service, which knows the rest for whoever has signed in. */
export interface CloudPlace {
  iam: string;
  known: Partial<Omit<CloudAddresses, 'iam'>>;
  config: string | null;
}

export interface Config {
  listen: ListenAddress;
  metricsListen: { host: string; port: number } | null;
  publicUrl: URL;
  installationId: string;
  installationName: string;
  version: string;
  store: StorePlace;
  cloud: CloudPlace;
  cloudTimeoutMs: number;
  region: string;
  publicIpPrice: Installation['publicIpPrice'];
  /** empty unless the embedded cloud stands behind */
  accounts: SeededAccount[];
  embedded: boolean;
  hosts: 'namespaces' | 'machines' | 'simulated' | 'real';
  hostsReason: string | undefined;
  enrolment: EnrolmentSettings;
  /** all agents behind one socket, which simulated hosts have in place of NICs */
  agentSocket: string | undefined;
  /** further addresses from which this console talks to hosts */
  consoleAddresses: readonly string[];
  consoleFolder: string | undefined;
  /** AES-256 key for tokens at rest */
  secretKey: Buffer;
  audit: { anchorFile: string | null; retentionDays: number | null };
}

/** Everything that is wrong with the environment, one sentence each. */
export class ConfigError extends Error {
  readonly problems: string[];

  constructor(problems: string[]) {
    super(problems.join('\n'));
    this.name = 'ConfigError';
    this.problems = problems;
  }
}

/** Reads the environment and the files that it names; throws ConfigError with every problem found. */
export function loadConfig(environment: NodeJS.ProcessEnv): Config {
  const given = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ''));
  const parsed = environmentSchema.safeParse(given);
  if (!parsed.success) {
    const stated = parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
    throw new ConfigError([...stated, ...(given.MORU_DATA || given.DATABASE_URL ? [] : [noStore])]);
  }
  const env = parsed.data;
  const problems: string[] = [];
  const attempt = <T>(name: string, read: () => T): T | null => {
    try {
      return read();
    } catch (error) {
      problems.push(`${name}: ${error instanceof Error ? error.message : String(error)}`);
      return null;
    }
  };

  const listen = attempt('MORU_BFF_SOCKET, MORU_BFF_LISTEN', () => listenAddress(env));
  const store = storePlace(env);
  const secretKey = attempt('MORU_SECRET_KEY_FILE', () => readSecretKey(env.MORU_SECRET_KEY_FILE));
  const { MORU_ACCOUNTS: accountsFile } = env;
  const accounts = attempt('MORU_ACCOUNTS', () => (accountsFile ? readAccounts(accountsFile) : []));
  const enrolment = attempt('MORU_ENROLMENT_LISTEN, MORU_ENROLMENT_URL', () => enrolmentSettings(env));
  if (!store) problems.push(noStore);
  if (accountsFile && listen && !isLocal(listen)) {
    problems.push(
      'MORU_ACCOUNTS: seeded accounts sign in by name alone, so they need a unix socket or a loopback listener',
    );
  }
  if (env.MORU_AGENT_SOCKET && env.MORU_HOSTS !== 'simulated') {
    problems.push('MORU_AGENT_SOCKET: only simulated hosts are reached by a socket');
  }
  const cloud = cloudPlace(env);
  if (cloud.config === null) {
    for (const name of baseUrlNames) {
      if (env[name] === undefined) problems.push(`${name}: set it, or MORU_CONFIG_URL for all of them`);
    }
  }
  if (problems.length > 0 || !listen || !store || !secretKey || !accounts || !enrolment) {
    throw new ConfigError(problems);
  }

  return {
    listen,
    metricsListen: env.MORU_METRICS_LISTEN ?? null,
    publicUrl: env.MORU_PUBLIC_URL,
    installationId: env.MORU_INSTALLATION_ID,
    installationName: env.MORU_INSTALLATION_NAME,
    version: env.MORU_VERSION,
    store,
    cloud,
    cloudTimeoutMs: env.MORU_CLOUD_TIMEOUT_MS,
    region: env.MORU_REGION,
    publicIpPrice: env.MORU_PUBLIC_IP_PRICE,
    accounts,
    embedded: accountsFile !== undefined,
    hosts: env.MORU_HOSTS,
    hostsReason: env.MORU_HOSTS_REASON,
    enrolment,
    agentSocket: env.MORU_AGENT_SOCKET,
    consoleAddresses: env.MORU_CONSOLE_ADDRESSES,
    consoleFolder: env.MORU_CONSOLE_DIST,
    secretKey,
    audit: { anchorFile: env.MORU_AUDIT_ANCHORS ?? null, retentionDays: env.MORU_AUDIT_DAYS ?? null },
  };
}

/** What the commands of cli/main.ts need: where the store is, and what verification compares it with. */
export function loadStoreConfig(environment: NodeJS.ProcessEnv) {
  const keys = { MORU_DATA: true, DATABASE_URL: true, MORU_AUDIT_ANCHORS: true } as const;
  const parsed = environmentSchema.pick(keys).safeParse(environment);
  if (!parsed.success) {
    throw new ConfigError(parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`));
  }
  const store = storePlace(parsed.data);
  if (!store) throw new ConfigError([noStore]);
  const keyFile = environment.MORU_SECRET_KEY_FILE;
  const anchorFile = parsed.data.MORU_AUDIT_ANCHORS ?? null;
  return { store, anchorFile, secretKey: keyFile ? readSecretKey(keyFile) : null };
}

const baseUrlNames = ['MORU_BCS_URL', 'MORU_NETWORK_URL', 'MORU_VPC_URL'] as const;

function cloudPlace(env: z.infer<typeof environmentSchema>): CloudPlace {
  const { MORU_IAM_URL: iam, MORU_BCS_URL: bcs, MORU_NETWORK_URL: network, MORU_VPC_URL: vpc } = env;
  const { MORU_IMAGE_URL: image, MORU_CONFIG_URL: config } = env;
  return {
    iam,
    known: {
      ...(bcs !== undefined && { bcs }),
      ...(network !== undefined && { network }),
      ...(vpc !== undefined && { vpc }),
      ...(image !== undefined && { image }),
    },
    config: config ?? null,
  };
}

function listenAddress(env: z.infer<typeof environmentSchema>): ListenAddress {
  if (env.MORU_BFF_SOCKET && !env.MORU_BFF_LISTEN) return { kind: 'unix', path: env.MORU_BFF_SOCKET };
  if (env.MORU_BFF_LISTEN && !env.MORU_BFF_SOCKET) return { kind: 'tcp', ...env.MORU_BFF_LISTEN };
  throw new Error('set exactly one of the two');
}

const noStore = 'MORU_DATA, DATABASE_URL: set one of the two';

function storePlace(
  env: Pick<z.infer<typeof environmentSchema>, 'MORU_DATA' | 'DATABASE_URL'>,
): StorePlace | null {
  if (env.DATABASE_URL) return { kind: 'postgresql', url: env.DATABASE_URL };
  if (env.MORU_DATA) return { kind: 'sqlite', folder: env.MORU_DATA };
  return null;
}

function enrolmentSettings(env: z.infer<typeof environmentSchema>): EnrolmentSettings {
  const { MORU_ENROLMENT_LISTEN: address, MORU_ENROLMENT_URL: url } = env;
  if ((address === undefined) !== (url === undefined)) throw new Error('set both or neither');
  const command = `sudo apt install ./moru-agent_${env.MORU_VERSION}_all.deb`;
  return {
    listen: address && url ? { ...address, url } : null,
    automatic: env.MORU_ENROLMENT_AUTOMATIC === '1',
    certificateLifeMs: env.MORU_CERTIFICATE_DAYS * 86_400_000,
    checkInSeconds: env.MORU_CHECK_IN_SECONDS,
    installCommand: env.MORU_HOSTS === 'real' ? (env.MORU_AGENT_INSTALL_COMMAND ?? command) : null,
  };
}

/** A name other than localhost may resolve to anything, so it does not count as loopback. */
function isLocal(listen: ListenAddress): boolean {
  if (listen.kind === 'unix' || listen.host === 'localhost' || listen.host === '::1') return true;
  return isIP(listen.host) === 4 && listen.host.startsWith('127.');
}

function readSecretKey(file: string): Buffer {
  const text = readFileSync(file, 'utf8').trim();
  if (!/^[0-9a-fA-F]{64}$/.test(text)) throw new Error(`${file} must hold 32 bytes as hex`);
  return Buffer.from(text, 'hex');
}

function readAccounts(file: string): SeededAccount[] {
  let content: unknown;
  try {
    content = JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    // the parser quotes what it stumbled over, and this file holds secrets
    throw new Error(error instanceof SyntaxError ? `${file} is not JSON` : String(error));
  }
  const parsed = z.array(accountSchema).safeParse(content);
  if (!parsed.success) throw new Error(`${file}: ${z.prettifyError(parsed.error)}`);
  return parsed.data;
}
