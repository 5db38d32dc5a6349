import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { apiPaths, type Instance } from '@moru/types';
import { startTestBff, type TestBff } from './bff.ts';
import type { Browser } from './browser.ts';
import type { EmbeddedCloud } from './embedded-cloud.ts';
import { enrolFleet } from './enrol-fleet.ts';
import { startFakeAgent } from './fake-agent.ts';
import { type FakeHost, fakeHosts } from './fake-hosts.ts';

/** Stand-in hosts behind one socket, each with its own rules, enrolled with whatever store a BFF is given. */
export interface FakeFleet {
  /** of the BFF */
  environment: Record<string, string>;
  /** those that run, by name */
  instances: Instance[];
  host(instance: Pick<Instance, 'id'>): FakeHost;
  /** a further BFF of the installation, and what it is with the others */
  start(): Promise<TestBff>;
  close(): Promise<void>;
}

/** `databaseUrl`: of PostgreSQL; SQLite without. */
export async function startFakeFleet(cloud: EmbeddedCloud, databaseUrl?: string): Promise<FakeFleet> {
  const folder = await mkdtemp(join(tmpdir(), 'moru-bff-fleet-'));
  const [data, keyFile, socket] = [
    join(folder, 'data'),
    join(folder, 'secret.key'),
    join(folder, 'agents.sock'),
  ];
  await writeFile(keyFile, randomBytes(32).toString('hex'));
  const environment = {
    ...{ MORU_DATA: data, MORU_SECRET_KEY_FILE: keyFile, MORU_HOSTS: 'simulated', MORU_AGENT_SOCKET: socket },
    // a replica that is gone is missed soon
    MORU_CLOUD_TIMEOUT_MS: '2000',
    ...(databaseUrl !== undefined && { DATABASE_URL: databaseUrl }),
  };
  const start = () => startTestBff(cloud, environment);
  const first = await start();
  const { instances, projectId } = await seen(await first.browser('admin'));
  await first.close();
  const place = databaseUrl === undefined ? undefined : ({ kind: 'postgresql', url: databaseUrl } as const);
  const { ca, certificateOf } = await enrolFleet(
    { data, keyFile, ...(place && { place }) },
    projectId,
    instances,
  );
  const hosts = fakeHosts();
  const agent = await startFakeAgent(socket, ca, certificateOf);
  agent.reply = hosts.reply;
  return {
    environment,
    instances,
    host: ({ id }) => hosts.at(id),
    start,
    async close() {
      await agent.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Who runs, and in which project. */
export async function seen(browser: Browser) {
  const { body } = await browser.get(`${apiPaths.instances}?limit=200&sort=name`);
  const { project } = (await browser.get(apiPaths.session)).body;
  const instances = (body.instances as Instance[]).filter(({ status }) => status === 'active');
  return { instances, projectId: project.id as string };
}
