import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  bcsPaths,
  iamPaths,
  networkPaths,
  type StrictInstance,
  type StrictPublicIpDetail,
  strictInstanceListAnswerSchema,
  strictPublicIpDetailAnswerSchema,
  strictPublicIpListAnswerSchema,
} from '@moru/kakaocloud';
import { pino } from 'pino';
import { afterAll, beforeAll, expect, onTestFinished } from 'vitest';
import { type Cloud, type CloudOptions, startCloud } from '../cloud.ts';
import type { Account, Role } from '../iam/accounts.ts';
import { type Durations, transitions } from '../instances/lifecycle.ts';
import { RecordingDriver } from './recording-driver.ts';

export function account(id: string, role: Role, projectId = 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa'): Account {
  return {
    id,
    name: `${id}-name`,
    role,
    accessKeyId: `key-of-${id}`,
    secret: `secret-of-${id}`,
    userId: `user-of-${id}`,
    projectId,
    projectName: 'demo',
  };
}

export const accounts = [
  account('admin', 'admin'),
  account('member', 'member'),
  account('reader', 'reader'),
  account('stranger', 'admin', 'bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb'),
];

export interface Answer {
  status: number;
  headers: Headers;
  text: string;
  /** null when the answer has no body or none that is JSON */
  body: unknown;
}

interface CallOptions {
  body?: unknown;
  headers?: Record<string, string>;
  signal?: AbortSignal;
}

/** A running cloud over real HTTP on a free loopback port. */
export class TestCloud {
  readonly driver: RecordingDriver;
  readonly directory: string;
  readonly #options: CloudOptions;
  #cloud: Cloud | null = null;
  #tokens = new Map<string, string>();

  constructor(overrides: Partial<CloudOptions> = {}) {
    this.driver = new RecordingDriver();
    this.directory = mkdtempSync(join(tmpdir(), 'moru-cloud-test-'));
    this.#options = {
      host: '127.0.0.1',
      port: 0,
      dataDirectory: this.directory,
      accounts,
      driver: this.driver,
      attachMs: 0,
      durations: everyStage(0),
      servers: 500,
      fleet: 0,
      checkAnswers: true,
      faults: false,
      log: pino({ level: 'silent' }),
      ...overrides,
    };
  }

  /** Ends it and throws away what it kept. */
  async remove(): Promise<void> {
    await this.stop();
    rmSync(this.directory, { recursive: true });
  }

  get url(): string {
    if (this.#cloud === null) throw new Error('the cloud is not running');
    return this.#cloud.url;
  }

  async start(overrides: Partial<CloudOptions> = {}): Promise<void> {
    this.#cloud = await startCloud({ ...this.#options, ...overrides });
  }

  async stop(): Promise<void> {
    await this.#cloud?.close();
    this.#cloud = null;
  }

  /** A request without a token unless the headers have one. */
  async call(method: string, path: string, { body, headers, signal }: CallOptions = {}): Promise<Answer> {
    const response = await fetch(this.url + path, {
      method,
      headers: { ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      ...(signal === undefined ? {} : { signal }),
    });
    const text = await response.text();
    const json = response.headers.get('content-type')?.startsWith('application/json') ?? false;
    return { status: response.status, headers: response.headers, text, body: json ? tryParse(text) : null };
  }

  /** A request with the token of the account. */
  async as(accountId: string, method: string, path: string, options: CallOptions = {}): Promise<Answer> {
    const token = this.#tokens.get(accountId) ?? (await this.signIn(accountId));
    this.#tokens.set(accountId, token);
    return await this.call(method, path, {
      ...options,
      headers: { 'x-auth-token': token, ...options.headers },
    });
  }

  async signIn(accountId: string): Promise<string> {
    const answer = await this.call('POST', iamPaths.tokens, { body: credential(`key-of-${accountId}`) });
    const token = answer.headers.get('x-subject-token');
    if (token === null) throw new Error(`sign-in of ${accountId} failed: ${answer.text}`);
    return token;
  }

  async instance(name: string): Promise<StrictInstance> {
    const { body } = await this.as('admin', 'GET', `${bcsPaths.instances}?name=${name}`);
    const [instance] = strictInstanceListAnswerSchema.parse(body).instances;
    if (instance === undefined) throw new Error(`no instance ${name}`);
    return instance;
  }

  /** The interface of an instance by its place, and the instance. */
  async nic(name: string, index = 0): Promise<{ instanceId: string; nicId: string }> {
    const { id, addresses } = await this.instance(name);
    const nicId = addresses[index]?.network_interface_id;
    if (nicId === undefined) throw new Error(`${name} has no interface ${index}`);
    return { instanceId: id, nicId };
  }

  async publicIps(query = '') {
    const { body } = await this.as('admin', 'GET', `${networkPaths.publicIps}${query}`);
    return strictPublicIpListAnswerSchema.parse(body).public_ips;
  }

  async publicIp(id: string) {
    const { body } = await this.as('admin', 'GET', networkPaths.publicIp(id));
    return strictPublicIpDetailAnswerSchema.parse(body).public_ip;
  }

  async idleIp(): Promise<StrictPublicIpDetail> {
    const [idle] = await this.publicIps('?status=available');
    if (idle === undefined) throw new Error('no idle Public IP');
    return idle;
  }
}

/** Starts a cloud with the seed in an empty folder, for one test. */
export async function openCloud(overrides: Partial<CloudOptions> = {}): Promise<TestCloud> {
  const cloud = new TestCloud(overrides);
  onTestFinished(() => cloud.remove());
  await cloud.start();
  return cloud;
}

/** Like openCloud, for all tests of a file that change nothing, or follow each other. */
export function sharedCloud(overrides: Partial<CloudOptions> = {}): TestCloud {
  const cloud = new TestCloud(overrides);
  beforeAll(() => cloud.start());
  afterAll(() => cloud.remove());
  return cloud;
}

/** Durations that are all the same, in ms. */
export function everyStage(ms: number): Durations {
  return Object.fromEntries(transitions.map((transition) => [transition, ms])) as Durations;
}

/** The sign-in body; an access key's secret follows from its id. */
export function credential(id: string, secret = id.replace('key-', 'secret-')): unknown {
  return {
    auth: { identity: { methods: ['application_credential'], application_credential: { id, secret } } },
  };
}

/** What becomes true soon: the machine may be busy, so the patience is long and the looks are frequent. */
export function eventually<Value>(read: () => Value) {
  return expect.poll(read, { timeout: 10_000, interval: 10 });
}

function tryParse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
