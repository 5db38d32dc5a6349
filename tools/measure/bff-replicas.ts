import { setTimeout as sleep } from 'node:timers/promises';
import { type BffProcess, makeBffHome } from '@moru/bff/testing/bff-process';
import type { Answer } from '@moru/bff/testing/browser';
import { startEmbeddedCloud } from '@moru/bff/testing/embedded-cloud';
import { type EventStream, openEvents, type Told } from '@moru/bff/testing/event-stream';
import { interfacePath } from '@moru/bff/testing/instances';
import { startPostgres } from '@moru/bff/testing/postgres';
import { until } from '@moru/bff/testing/until';
import type { AuditRecord, Instance, Operation } from '@moru/types';
import type { Figure } from './figures.ts';

/** Administrators at work at the same time, each on an instance of its own. */
const people = 8;
const killEveryMs = 4_000;
const loadMs = 60_000;
const settleMs = 60_000;

type Replicas = { current: BffProcess | null }[];

/** A person with one cookie, who is sent from a replica that is away to the other, as a load balancer does. */
class Person {
  readonly #replicas: Replicas;
  #turn: number;
  readonly #cookie: string | undefined;

  constructor(replicas: Replicas, turn: number, cookie: string | undefined) {
    this.#replicas = replicas;
    this.#turn = turn;
    this.#cookie = cookie;
  }

  /** null where the answer was lost: whether it was done is to be looked up */
  async send(method: string, path: string, body?: unknown): Promise<Answer | null> {
    this.#turn += 1;
    const replica = this.#replicas[this.#turn % this.#replicas.length]?.current;
    if (!replica) return null;
    return replica
      .browser(this.#cookie)
      .send(method, path, { body })
      .catch(() => null);
  }

  /** a read, by whichever replica answers */
  read(path: string): Promise<Answer> {
    return until(settleMs, async () => {
      const answer = await this.send('GET', path);
      if (!answer || answer.status >= 500) throw new Error(`no answer: ${answer?.text}`);
      return answer;
    });
  }
}

/** What was found out while it ran. */
interface Tally {
  /** operations that were answered 2xx */
  promised: string[];
  /** what did not hold, in words */
  lost: string[];
}

const addressOf = ({ networkInterfaces }: Instance) => networkInterfaces[0]?.publicIp ?? null;

/** Connects and disconnects an address of one instance, and sees after each answer that it is true. */
async function work(person: Person, id: string, tally: Tally, signal: AbortSignal): Promise<void> {
  const look = async (): Promise<Instance> => (await person.read(`/api/instances/${id}`)).body;
  while (!signal.aborted) {
    const before = await look();
    const held = addressOf(before);
    const answer = held
      ? await person.send('DELETE', interfacePath(before), { publicIpId: held.id, deletePublicIp: true })
      : await person.send('POST', interfacePath(before), { mode: 'new' });
    if (answer?.status === 401) tally.lost.push(`${before.name}: the session`);
    if (answer?.status !== 200) {
      // refused, still under way, or the answer was lost: the next look tells
      await sleep(100);
      continue;
    }
    tally.promised.push(answer.body.operation.id);
    const after = addressOf(await look());
    const isTrue = held ? after?.id !== held.id : after?.id === answer.body.publicIp.id;
    if (!isTrue) tally.lost.push(`${before.name}: answered that it was done, and it is not so`);
  }
}

/** Ends one replica after the other as a power cut would, and starts it again. Gives how often. */
async function killInTurn(
  replicas: Replicas,
  start: () => Promise<BffProcess>,
  signal: AbortSignal,
): Promise<number> {
  let kills = 0;
  for (; !signal.aborted; kills += 1) {
    await sleep(killEveryMs);
    const place = replicas[kills % replicas.length];
    if (!place?.current) throw new Error('a replica did not come back');
    const doomed = place.current;
    place.current = null;
    await doomed.kill();
    place.current = await start();
  }
  return kills;
}

/** One stream of events, which goes on at the other replica when its own is gone, until it is stopped. */
function follow(replicas: Replicas, cookie: string | undefined) {
  const told: Told[] = [];
  let stopped = false;
  const take = (stream: EventStream) => told.push(...stream.told.splice(0));
  const run = async () => {
    for (let turn = 0; !stopped; turn += 1) {
      const replica = replicas[turn % replicas.length]?.current;
      const last = told.findLast(({ id }) => id !== null)?.id ?? undefined;
      const stream =
        replica && (await openEvents(replica.port, replica.browser(cookie), last).catch(() => null));
      if (!stream) {
        await sleep(20);
        continue;
      }
      while (!stopped && !stream.ended) await sleep(20);
      take(stream);
      stream.close();
    }
  };
  const running = run();
  return {
    async stop(): Promise<Told[]> {
      stopped = true;
      await running;
      return told;
    },
  };
}

/** What became of every operation, in the list, in the audit log and in the stream, once none is under way. */
async function settle(person: Person, tally: Tally): Promise<Operation[]> {
  const all: Operation[] = [];
  for (let page: Operation[] = [], offset = 0; offset === 0 || page.length > 0; offset += page.length) {
    page = await until(settleMs, async () => {
      const { body } = await person.read(`/api/operations?limit=100&offset=${offset}`);
      const { operations } = body as { operations: Operation[] };
      const running = operations.filter(({ state }) => state === 'running');
      if (running.length > 0) throw new Error(`${running.length} operations are still running`);
      return operations;
    });
    all.push(...page);
  }
  for (const { id, state, kind } of all) {
    const { body } = await person.read(`/api/audit?operation=${id}&limit=10`);
    const phases = (body.records as AuditRecord[]).map(({ phase }) => phase).join(' ');
    if (phases !== `${state} intent`) tally.lost.push(`${kind} ${id}: ${state}, and written down ${phases}`);
  }
  const done = new Set(all.filter(({ state }) => state === 'succeeded').map(({ id }) => id));
  for (const id of tally.promised) if (!done.has(id)) tally.lost.push(`${id}: promised, and not in the list`);
  return all;
}

async function killReplicas(): Promise<Tally & { kills: number }> {
  const ends: (() => unknown)[] = [];
  const tally: Tally = { promised: [], lost: [] };
  try {
    const postgres = await startPostgres();
    ends.push(() => postgres.stop());
    const cloud = await startEmbeddedCloud({ MORU_CLOUD_FLEET: String(people) });
    ends.push(() => cloud.stop());
    const home = await makeBffHome(cloud, { DATABASE_URL: await postgres.createDatabase() });
    ends.push(() => home.remove());
    const start = async () => {
      const bff = await home.start();
      bff.child.stdout?.resume();
      return bff;
    };
    const replicas: Replicas = [{ current: await start() }, { current: await start() }];
    ends.push(() => Promise.all(replicas.map(({ current }) => current?.kill())));

    const cookies: (string | undefined)[] = [];
    for (let index = 0; index < people; index += 1) {
      const browser = replicas[index % 2]?.current?.browser();
      await browser?.signIn('admin');
      cookies.push(browser?.cookie);
    }
    const workers = cookies.map((cookie, index) => new Person(replicas, index, cookie));
    const [first] = workers;
    if (!first) throw new Error('nobody has signed in');
    const { instances } = (await first.read('/api/instances?limit=200')).body as { instances: Instance[] };
    const own = instances.filter((each) => each.status === 'active' && !addressOf(each)).slice(0, people);
    if (own.length < people) throw new Error(`${own.length} instances have no address`);
    const addresses = async (): Promise<number> =>
      (await first.read('/api/public-ips?limit=1')).body.page.total;
    const before = await addresses();

    const signal = AbortSignal.timeout(loadMs);
    const stream = follow(replicas, cookies[0]);
    const [kills] = await Promise.all([
      killInTurn(replicas, start, signal),
      ...workers.map((worker, index) => work(worker, own[index]?.id ?? '', tally, signal)),
    ]);
    await settle(first, tally);
    const ids = own.map(({ id }) => id);
    const held = await Promise.all(ids.map(async (id) => (await first.read(`/api/instances/${id}`)).body));
    const after = await addresses();
    const wanted = before + held.filter((each: Instance) => addressOf(each)).length;
    if (after !== wanted) tally.lost.push(`${after} addresses instead of ${wanted}: something ran twice`);

    // the last events may still be on their way
    await sleep(1_000);
    const told = await stream.stop();
    const ended = new Set(
      told.flatMap(({ event }) =>
        event.kind === 'operation' && event.operation?.state === 'succeeded' ? [event.id] : [],
      ),
    );
    if (told.some(({ event }) => event.kind === 'reset')) tally.lost.push('the stream did not go on');
    for (const id of tally.promised) if (!ended.has(id)) tally.lost.push(`${id}: the stream did not tell it`);
    return { ...tally, kills };
  } finally {
    for (const end of ends.reverse()) await end();
  }
}

/**
 * Two replicas on one PostgreSQL under load for a minute, of which one is killed every few seconds: what was answered
 * 2xx and is not so, operations that ran twice, sessions that were gone, and events that were never told.
 */
export const requestsLost: Figure = {
  name: 'bff.replicaKilled.requestsLost',
  unit: 'requests',
  limit: 0,
  runs: 1,
  async measure() {
    const { promised, lost, kills } = await killReplicas();
    for (const each of lost.slice(0, 20)) console.log(`  ${each}`);
    console.log(`  ${promised.length} changes, ${kills} kills`);
    if (promised.length < people * 5 || kills < 5) throw new Error('too little happened to show anything');
    return lost.length;
  },
};
