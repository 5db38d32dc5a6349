import {
  type AuditRecord,
  apiPaths,
  type Instance,
  type Rollout,
  type RolloutPlan,
  rolloutSchema,
} from '@moru/types';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import type { TestBff } from '../testing/bff.ts';
import type { Browser } from '../testing/browser.ts';
import { type EmbeddedCloud, startEmbeddedCloud } from '../testing/embedded-cloud.ts';
import { type FakeFleet, startFakeFleet } from '../testing/fake-fleet.ts';
import { hasPostgres, startPostgres, type TestPostgres } from '../testing/postgres.ts';

const fleetSize = 50;
const web = '-A INPUT -p tcp -m tcp --dport 443 -j ACCEPT';
const textOf = (...lines: string[]) =>
  [
    ...[
      '*filter',
      ':INPUT ACCEPT [0:0]',
      ':FORWARD ACCEPT [0:0]',
      ':OUTPUT ACCEPT [0:0]',
      ':sshguard - [0:0]',
    ],
    ...['-A INPUT -j sshguard', ...lines, 'COMMIT', ''],
  ].join('\n');

let cloud: EmbeddedCloud;
beforeAll(async () => {
  cloud = await startEmbeddedCloud({ MORU_CLOUD_FLEET: String(fleetSize + 10) });
}, 60_000);
afterAll(() => cloud.stop());

describe('SQLite', () => rollouts('sqlite', async () => undefined));
describe.skipIf(!hasPostgres)('PostgreSQL', () => {
  let server: TestPostgres;
  beforeAll(async () => {
    server = await startPostgres();
  }, 60_000);
  afterAll(() => server?.stop());
  rollouts('postgresql', () => server.createDatabase());
});

function rollouts(kind: 'sqlite' | 'postgresql', database: () => Promise<string | undefined>) {
  let fleet: FakeFleet;
  let bff: TestBff;
  let admin: Browser;
  let source: Instance;
  let others: Instance[];

  beforeEach(async () => {
    fleet = await startFakeFleet(cloud, await database());
    bff = await fleet.start();
    admin = await bff.browser('admin');
    const [first, ...rest] = fleet.instances;
    if (!first) throw new Error('no instances');
    [source, others] = [first, rest];
  }, 60_000);
  afterEach(async () => {
    await bff.close();
    await fleet.close();
  });

  const copy = (
    rules = textOf(web),
    chains: object[] | null = [{ table: 'filter', chain: 'INPUT', rules: [2] }],
  ) => ({
    ...{ kind: 'copy', instanceId: source.id, rules, chains },
  });
  const plan = async (targets: readonly Instance[], wanted: object = copy()): Promise<RolloutPlan> => {
    const { body, text, status } = await admin.post(apiPaths.rolloutPlan, {
      wanted,
      hosts: targets.map(({ id }) => id),
    });
    if (status !== 200) throw new Error(text);
    return body;
  };
  const begin = async (targets: readonly Instance[], more: object = {}, wanted: object = copy()) => {
    const { hosts } = await plan(targets, wanted);
    const ready = hosts.filter(({ state }) => state === 'ready');
    return admin.post(apiPaths.rollouts, {
      ...{ wanted, hosts: ready.map(({ instanceId, revision }) => ({ instanceId, revision })) },
      ...{ waveSize: 3, waitSeconds: 3, note: '443', ...more },
    });
  };
  const read = async (id: string): Promise<Rollout> =>
    rolloutSchema.parse((await admin.get(apiPaths.rollout(id))).body);
  const rest = (id: string, states: Rollout['state'][] = ['succeeded', 'failed', 'paused']) =>
    vi.waitFor(
      async () => {
        const now = await read(id);
        if (!states.includes(now.state)) throw new Error(`it is ${now.state}`);
        return now;
      },
      { timeout: 30_000, interval: 50 },
    );
  const statesOf = ({ hosts }: Rollout) => hosts.map(({ wave, state }) => `${wave} ${state}`);
  const has = (instance: Instance, line = web) => fleet.host(instance).rules().includes(line);
  const records = async (): Promise<AuditRecord[]> =>
    (await admin.get(`${apiPaths.audit}?limit=200&action=rollout.`)).body.records;

  test('one host first, then the others in waves; each is proven, kept and recorded', async () => {
    const targets = others.slice(0, 5);
    const { body, status } = await begin(targets);
    expect({ status, body }).toMatchObject({ status: 200, body: { state: 'running', waves: 3 } });
    const done = await rest(body.id);
    expect(done).toMatchObject({ state: 'succeeded', stop: null, problem: null, can: { undo: true } });
    expect(statesOf(done)).toEqual([0, 1, 1, 1, 2].map((wave) => `${wave} succeeded`));
    expect(targets.map((each) => has(each))).toEqual(targets.map(() => true));
    for (const target of targets) {
      expect(fleet.host(target)).toMatchObject({ changes: 1, trials: [{ state: 'confirmed', note: '443' }] });
    }
    const log = await records();
    expect(log.filter(({ target }) => target.type === 'rollout').map(({ phase }) => phase)).toEqual([
      ...['succeeded', 'intent'],
    ]);
    for (const { id } of targets) {
      const own = log.filter(({ target }) => target.id === id);
      expect(own.map(({ phase }) => phase)).toEqual(['succeeded', 'intent']);
    }
    // nobody has to look after its trials
    expect((await admin.get(apiPaths.trials)).body.trials).toEqual([]);
    const { operations } = (await admin.get(apiPaths.operations)).body;
    expect(operations).toMatchObject([
      { kind: 'rollout.apply', items: { total: 5, succeeded: 5, failed: 0 } },
    ]);
    expect((await plan(targets)).hosts.map(({ state }) => state)).toEqual(targets.map(() => 'unchanged'));
  }, 40_000);

  test('F24: a bad rule to 50 hosts stops at the first one, which has its old rules again; no other was touched', async () => {
    const bad = textOf('-A INPUT -p tcp -j DROP');
    for (const target of others) fleet.host(target).behaviour = 'cutOff';
    const targets = others.slice(0, fleetSize);
    expect(targets).toHaveLength(fleetSize);
    const { body } = await begin(targets, { waveSize: 20 }, copy(bad));
    const done = await rest(body.id);
    expect(done).toMatchObject({
      state: 'failed',
      stop: { why: 'failed' },
      problem: { code: 'rollout.hostFailed' },
    });
    expect(done.hosts[0]).toMatchObject({ wave: 0, state: 'failed', problem: { code: 'rollout.unproven' } });
    expect(done.hosts.slice(1).map(({ state }) => state)).toEqual(targets.slice(1).map(() => 'untouched'));
    const touched = others.filter((each) => fleet.host(each).changes > 0);
    expect(touched).toHaveLength(1);
    for (const each of others) expect(fleet.host(each).rules()).not.toContain('DROP');
    const log = await records();
    expect(new Set(log.map(({ target }) => target.id)).size).toBe(2);
    // what was not touched is free again at once
    for (const each of others) fleet.host(each).behaviour = 'well';
    expect((await begin(others.slice(3, 5))).status).toBe(200);
  }, 60_000);

  test('a host that reverts in a later wave stops it; those that are kept can be taken back together', async () => {
    const targets = others.slice(0, 6);
    const [canary, , , , victim] = targets as [Instance, Instance, Instance, Instance, Instance];
    fleet.host(victim).behaviour = 'reverts';
    const { body } = await begin(targets, { waveSize: 1 });
    const done = await rest(body.id);
    expect(statesOf(done)).toEqual([
      ...['0 succeeded', '1 succeeded', '2 succeeded', '3 succeeded', '4 failed', '5 untouched'],
    ]);
    expect(done.hosts[4]?.problem).toMatchObject({ code: 'rollout.reverted', upstream: 'asked' });
    // somebody has changed one of them since
    fleet
      .host(canary)
      .load(fleet.host(canary).rules().replace('COMMIT', '-A INPUT -s 192.0.2.7/32 -j DROP\nCOMMIT'));
    const wanted = { kind: 'undo', rolloutId: body.id };
    const kept = targets.slice(0, 4);
    const undo = await begin(kept, { waveSize: 5 }, wanted);
    expect(undo.body).toMatchObject({ kind: 'undo', undoes: body.id });
    expect(await rest(undo.body.id)).toMatchObject({ state: 'succeeded', can: { undo: false } });
    expect(kept.map((each) => has(each))).toEqual([false, false, false, false]);
    expect(has(canary, '-s 192.0.2.7/32 -j DROP')).toBe(true);
  }, 60_000);

  test('it pauses for somebody to look, goes on when told, and is stopped at any time', async () => {
    const targets = others.slice(0, 4);
    const { body } = await begin(targets, { pauseAfterCanary: true, waveSize: 1 });
    expect(await rest(body.id)).toMatchObject({ state: 'paused', can: { stop: true, continue: true } });
    expect(targets.map((each) => has(each))).toEqual([true, false, false, false]);
    const second = await bff.browser('admin');
    expect((await second.post(apiPaths.rolloutContinue(body.id), {})).body).toMatchObject({ wave: 1 });
    await vi.waitFor(() => expect(has(targets[1] as Instance)).toBe(true), { timeout: 10_000, interval: 5 });
    const stopped = await admin.post(apiPaths.rolloutStop(body.id), {});
    expect(stopped.body).toMatchObject({ stop: { why: 'asked', by: 'admin-user' } });
    const done = await rest(body.id);
    expect(done).toMatchObject({ state: 'failed' });
    expect(done.hosts.filter(({ state }) => state === 'untouched').length).toBeGreaterThanOrEqual(1);
    expect((await admin.post(apiPaths.rolloutStop(body.id), {})).body).toMatchObject({
      code: 'operation.changed',
    });
    expect((await admin.post(apiPaths.rolloutContinue(body.id), {})).body).toMatchObject({
      code: 'operation.changed',
    });
    expect((await records()).map(({ action, phase }) => `${action} ${phase}`)).toEqual(
      expect.arrayContaining(['rollout.continue succeeded', 'rollout.stop succeeded']),
    );
  }, 40_000);

  test('who cannot is named with the reason before anything begins, and nothing begins on another plan', async () => {
    const [away, pending, refusing, moved, cut] = others as [
      Instance,
      Instance,
      Instance,
      Instance,
      Instance,
    ];
    fleet.host(away).behaviour = 'away';
    fleet.host(refusing).behaviour = 'refusesRules';
    const { revision } = (await admin.get(apiPaths.firewall(pending.id))).body;
    const trial = { key: 'somebody-else', ipv4: { revision, rules: textOf(web) }, waitSeconds: 60 };
    expect((await admin.post(apiPaths.instanceTrials(pending.id), trial)).status).toBe(200);
    const { hosts } = await plan([away, pending, refusing, moved]);
    expect(hosts.map(({ state, problem }) => `${state} ${problem?.code}`)).toEqual([
      'refused agent.unreachable',
      'refused trial.pending',
      'refused rule.refused',
      'ready undefined',
    ]);
    expect(hosts[3]).toMatchObject({ changes: { added: 1, removed: 0, policies: 0 }, notes: [] });
    expect(hosts[2]?.problem?.upstream).toContain('unknown option');
    const cutting = textOf('-A INPUT -m comment --comment "cuts off" -j DROP');
    const [named] = (await plan([cut], copy(cutting))).hosts;
    expect(named?.problem).toMatchObject({
      ...{ code: 'rollout.cutsOff', fields: [{ field: 'administratorSsh', params: { peer: '192.0.2.1' } }] },
    });

    const seen = hosts[3]?.revision;
    fleet.host(moved).load(textOf('-A INPUT -s 192.0.2.8/32 -j DROP'));
    const start = { wanted: copy(), hosts: [{ instanceId: moved.id, revision: seen }], waveSize: 1 };
    expect((await admin.post(apiPaths.rollouts, start)).body).toMatchObject({
      ...{ code: 'rollout.changed', status: 409, fields: [{ field: moved.id }] },
    });
    expect(fleet.host(moved).changes).toBe(0);
    expect((await records()).map(({ phase }) => phase)).toEqual(['refused']);
  }, 40_000);

  test('warnings have to be seen; a host is in one roll-out at a time', async () => {
    const targets = others.slice(0, 2);
    const wanted = copy(textOf('-A INPUT -i ens9 -p tcp -m tcp --dport 8443 -j ACCEPT'));
    const [first] = (await plan(targets, wanted)).hosts;
    expect(first?.notes).toEqual([{ code: 'interfaceMissing', place: 'filter.INPUT', name: 'ens9' }]);
    expect((await begin(targets, {}, wanted)).body).toMatchObject({ code: 'rollout.unseen' });
    const { body } = await begin(targets, { acknowledged: true, pauseAfterCanary: true }, wanted);
    await rest(body.id, ['paused']);
    expect((await begin(targets.slice(1))).body).toMatchObject({ code: 'operation.pending', status: 409 });
    await admin.post(apiPaths.rolloutStop(body.id), {});
    await rest(body.id, ['failed']);
    expect((await begin(targets.slice(1))).status).toBe(200);
  }, 40_000);

  test('its own source is no target, what is not there is not copied, and others neither plan nor begin', async () => {
    const wanted = copy();
    const own = await admin.post(apiPaths.rolloutPlan, { wanted, hosts: [source.id] });
    expect(own.body).toMatchObject({ code: 'input.invalid' });
    const none = copy(textOf(web), [{ table: 'filter', chain: 'INPUT', rules: [9] }]);
    const hosts = [others[0]?.id];
    expect((await admin.post(apiPaths.rolloutPlan, { wanted: none, hosts })).body).toMatchObject({
      code: 'rollout.nothing',
    });
    const broken = { ...wanted, rules: '*filter\n-A\n' };
    expect((await admin.post(apiPaths.rolloutPlan, { wanted: broken, hosts })).body).toMatchObject({
      code: 'rule.invalid',
    });
    expect((await admin.get(apiPaths.rollout('nothing'))).body).toMatchObject({ code: 'rollout.notFound' });
    const member = await bff.browser('member');
    expect((await member.post(apiPaths.rolloutPlan, { wanted, hosts })).status).toBe(403);
    expect((await member.post(apiPaths.rollouts, { wanted })).status).toBe(403);
  });

  test('who lets it go on is whose session it goes on with; without one nothing more begins, and it says so', async () => {
    const targets = others.slice(0, 3);
    const { body } = await begin(targets, { pauseAfterCanary: true });
    await rest(body.id, ['paused']);
    const second = await bff.browser('admin');
    await admin.delete(apiPaths.session);
    admin = second;
    await second.post(apiPaths.rolloutContinue(body.id), {});
    expect((await rest(body.id)).state).toBe('succeeded');

    const fresh = others.slice(3, 23);
    const again = await begin(fresh, { waveSize: 1 });
    admin = await bff.browser('admin');
    await second.delete(apiPaths.session);
    const done = await rest(again.body.id);
    expect(done).toMatchObject({ state: 'failed', stop: { why: 'failed' } });
    expect(done.hosts.at(-1)).toMatchObject({ state: 'untouched' });
    expect(done.hosts.flatMap(({ problem }) => problem?.code ?? [])).toEqual(['session.expired']);
    // a trial that was under way by then is nobody's, and the host ends it by itself
    await vi.waitFor(
      async () => {
        for (const { id } of fresh) {
          expect((await admin.get(apiPaths.currentTrial(id))).body).toEqual({ trial: null });
        }
      },
      { timeout: 10_000, interval: 100 },
    );
  }, 40_000);

  if (kind === 'sqlite') {
    test('the console is started anew in the middle: the host is waited for, and not given up as unknown', async () => {
      const [canary, next] = others as [Instance, Instance];
      fleet.host(canary).behaviour = 'cutOff';
      const { body } = await begin([canary, next], { waitSeconds: 8 });
      await vi.waitFor(async () => expect((await read(body.id)).stop?.why).toBe('failed'), 10_000);
      await bff.close();
      bff = await fleet.start();
      admin = await bff.browser('admin');
      const done = await rest(body.id, ['failed']);
      expect(statesOf(done)).toEqual(['0 failed', '1 untouched']);
      expect(done.hosts[0]?.problem).toMatchObject({ code: 'rollout.reverted', upstream: 'expired' });
    }, 40_000);

    test('F12: rules that keep even the answer away: the host’s own record tells what became of them', async () => {
      const [canary, next] = others as [Instance, Instance];
      fleet.host(canary).behaviour = 'answerLost';
      const { body } = await begin([canary, next], { waitSeconds: 2 });
      const done = await rest(body.id, ['failed']);
      expect(statesOf(done)).toEqual(['0 failed', '1 untouched']);
      expect(done.hosts[0]?.problem).toMatchObject({ code: 'rollout.reverted', upstream: 'expired' });
      expect(fleet.host(canary)).toMatchObject({ changes: 2 });
      expect(has(canary)).toBe(false);
    }, 40_000);

    test('what became of a host that is gone nobody knows: it stops, and is found out once it is back', async () => {
      const [gone, next] = others as [Instance, Instance];
      fleet.host(gone).behaviour = 'vanishes';
      const { body } = await begin([gone, next], { waitSeconds: 1 });
      const done = await rest(body.id, ['failed']);
      expect(statesOf(done)).toEqual(['0 unknown', '1 untouched']);
      const { operationId = '' } = done.hosts[0] ?? {};
      fleet.host(gone).behaviour = 'well';
      const again = await admin.post(apiPaths.operationContinue(operationId), {});
      expect(again.status).toBeLessThan(500);
      await vi.waitFor(
        async () => expect(statesOf(await read(body.id))).toEqual(['0 failed', '1 untouched']),
        10_000,
      );
      expect((await read(body.id)).hosts[0]?.problem).toMatchObject({ code: 'rollout.reverted' });
      expect(has(gone)).toBe(false);
    }, 60_000);
    return;
  }

  test('two replicas share one roll-out; the one that goes leaves it to the other, and no host is changed twice', async () => {
    const other = await fleet.start();
    const targets = others.slice(0, 10);
    const { body } = await begin(targets, { waveSize: 3, waitSeconds: 60 });
    await vi.waitFor(() => expect(targets.filter((each) => has(each)).length).toBeGreaterThan(1), 10_000);
    await bff.close();
    bff = other;
    admin = await bff.browser('admin');
    const done = await vi.waitFor(
      async () => {
        const now = await read(body.id);
        if (now.state !== 'succeeded') throw new Error(JSON.stringify(statesOf(now)));
        return now;
      },
      { timeout: 50_000, interval: 200 },
    );
    expect(statesOf(done).every((state) => state.endsWith('succeeded'))).toBe(true);
    for (const target of targets) expect(fleet.host(target)).toMatchObject({ changes: 1 });
    const log = await records();
    for (const { id } of targets) {
      expect(log.filter(({ target }) => target.id === id).map(({ phase }) => phase)).toEqual([
        'succeeded',
        'intent',
      ]);
    }
  }, 90_000);
}
