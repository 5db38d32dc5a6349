import { setTimeout as sleep } from 'node:timers/promises';
import type { AuditRecord, Instance, Operation } from '@moru/types';
import type { BffHome, BffProcess } from './bff-process.ts';
import type { Answer, Browser } from './browser.ts';
import { instanceNamed, interfacePath, publicIps } from './instances.ts';
import { until } from './until.ts';

/** One life of an address: made for web-01, moved to db-01, given back. Each ends where the next begins. */
export const sagaKinds = ['connect', 'move', 'disconnect'] as const;
export type SagaKind = (typeof sagaKinds)[number];

const steps: Record<SagaKind, number> = { connect: 1, move: 2, disconnect: 2 };

/** Where an operation of that kind can be ended (operations/failpoints.ts). */
export const sagaFailpoints = (kind: SagaKind): string[] => [
  'begun',
  ...Array.from({ length: steps[kind] }, (_, step) => [
    `${step}.marked`,
    `${step}.made`,
    `${step}.kept`,
  ]).flat(),
];

/** What the world shows of the two instances' first interfaces. */
interface World {
  web: Instance;
  database: Instance;
  /** addresses that the project holds */
  count: number;
}

const held = ({ networkInterfaces }: Instance) => networkInterfaces[0]?.publicIp ?? null;

async function worldOf(browser: Browser): Promise<World> {
  const [web, database] = [await instanceNamed(browser, 'web-01'), await instanceNamed(browser, 'db-01')];
  return { web, database, count: (await publicIps(browser)).length };
}

function ask(kind: SagaKind, admin: Browser, { web, database }: World): Promise<Answer> {
  if (kind === 'connect') return admin.post(interfacePath(web), { mode: 'new' });
  if (kind === 'disconnect') {
    const body = { publicIpId: held(database)?.id, deletePublicIp: true };
    return admin.delete(interfacePath(database), body);
  }
  const from = web.networkInterfaces[0]?.id ?? '';
  return admin.post(interfacePath(database), {
    mode: 'move',
    publicIpId: held(web)?.id,
    fromNetworkInterfaceId: from,
  });
}

/** Of an operation: whether what it is for is so, and whether there is more than that. */
function judge(kind: SagaKind, before: World, after: World): { done: boolean; doubled: boolean } {
  const more = { connect: 1, move: 0, disconnect: -1 }[kind];
  const [web, database] = [held(after.web), held(after.database)];
  const done = {
    connect: web?.status === 'in_use',
    move: web === null && database?.id === held(before.web)?.id,
    disconnect: database === null,
  }[kind];
  return { done: done && after.count <= before.count + more, doubled: after.count > before.count + more };
}

export interface Survival {
  kind: SagaKind | 'rollout';
  failpoint: string;
  /** the operation as the next process has it in the end */
  operation: Operation;
  /** whether the world shows what was asked for, once */
  done: boolean;
  doubled: boolean;
  /** phases of its audit records, the last one first */
  phases: AuditRecord['phase'][];
}

/** A place that an operation does not come to is told, rather than waited for. */
const endMs = 60_000;

/**
 * Has a process of its own end in the middle of an operation, and the next one go on. `cookie` is of an administrator;
 * `running` is ended first, since a store has one process. Rejects where the process does not end at that place.
 */
export async function interrupt(
  home: BffHome,
  running: BffProcess,
  cookie: string | undefined,
  kind: SagaKind,
  failpoint: string,
): Promise<{ survival: Survival; running: BffProcess }> {
  await running.kill();
  const doomed = await home.start({ MORU_BFF_TESTING: '1', MORU_BFF_FAILPOINT: failpoint });
  const before = await worldOf(doomed.browser(cookie));
  // at the last of its places the answer may have left already
  await ask(kind, doomed.browser(cookie), before).catch(() => undefined);
  const how = await Promise.race([doomed.ended, sleep(endMs, 'nothing at all', { ref: false })]);
  if (how !== 'SIGKILL') throw new Error(`${kind} at ${failpoint}: it ended with ${how}`);

  const next = await home.start();
  const browser = next.browser(cookie);
  const last = async (): Promise<Operation> =>
    (await browser.get('/api/operations?limit=1')).body.operations[0];
  const operation = await until(30_000, async () => {
    const found = await last();
    if (found.state === 'running') throw new Error(`${kind} at ${failpoint}: still running`);
    return found;
  });
  const { records } = (await browser.get(`/api/audit?limit=4&action=publicIp.`)).body;
  const phases = (records as AuditRecord[])
    .filter(({ operationId }) => operationId === operation.id)
    .map(({ phase }) => phase);
  const world = await worldOf(browser);
  return {
    survival: { kind, failpoint, operation, ...judge(kind, before, world), phases },
    running: next,
  };
}

/** Gives back the address that db-01 is seeded with, so that a life can begin. */
export async function clearDatabase(admin: Browser): Promise<void> {
  const { status, text } = await ask('disconnect', admin, await worldOf(admin));
  if (status !== 200) throw new Error(text);
}
