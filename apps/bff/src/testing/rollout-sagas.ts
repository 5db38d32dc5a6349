import { setTimeout as sleep } from 'node:timers/promises';
import { type AuditRecord, apiPaths, type Instance, type Rollout, type RolloutPlan } from '@moru/types';
import { makeBffHome } from './bff-process.ts';
import type { Browser } from './browser.ts';
import type { EmbeddedCloud } from './embedded-cloud.ts';
import { enrolFleet } from './enrol-fleet.ts';
import { startFakeAgent } from './fake-agent.ts';
import { seen } from './fake-fleet.ts';
import { fakeHosts } from './fake-hosts.ts';
import type { Survival } from './sagas.ts';
import { until } from './until.ts';

/** Where a roll-out can be ended (operations/failpoints.ts): its beginning, and each step of its first host. */
export const rolloutFailpoints: string[] = [
  'begun',
  ...[0, 1, 2].flatMap((step) => [`${step}.marked`, `${step}.made`, `${step}.kept`]),
];

/** Stand-in hosts and the home of processes that roll rules out to them. */
export interface RolloutGround {
  /** has a process end in the middle of a roll-out, and the next one go on */
  interrupt(failpoint: string): Promise<Survival>;
  close(): Promise<void>;
}

const endMs = 60_000;

export async function makeRolloutGround(cloud: EmbeddedCloud): Promise<RolloutGround> {
  const home = await makeBffHome(cloud, { MORU_HOSTS: 'simulated' });
  const socket = `${home.data}.sock`;
  const start = (more: Record<string, string> = {}) => home.start({ MORU_AGENT_SOCKET: socket, ...more });
  const first = await start();
  const browser = first.browser();
  await browser.signIn('admin');
  const { instances, projectId } = await seen(browser);
  await first.kill();
  const { ca, certificateOf } = await enrolFleet(home, projectId, instances);
  const agent = await startFakeAgent(socket, ca, certificateOf);
  const hosts = fakeHosts();
  agent.reply = hosts.reply;
  let port = 1_000;

  return {
    async interrupt(failpoint) {
      port += 1;
      const [source, ...targets] = instances.slice(0, 4);
      if (!source) throw new Error('no instances');
      const rule = `-A INPUT -p tcp -m tcp --dport ${port} -j ACCEPT`;
      const before = targets.map(({ id }) => hosts.at(id).changes);
      const doomed = await start({ MORU_BFF_TESTING: '1', MORU_BFF_FAILPOINT: failpoint });
      await begin(doomed.browser(browser.cookie), source, targets, rule).catch(() => undefined);
      const how = await Promise.race([doomed.ended, sleep(endMs, 'nothing at all', { ref: false })]);
      if (how !== 'SIGKILL') throw new Error(`rollout at ${failpoint}: it ended with ${how}`);
      const next = await start();
      const survival = await judge(next.browser(browser.cookie), failpoint);
      const made = targets.map(({ id }, place) => hosts.at(id).changes - (before[place] ?? 0));
      const done = targets.every(
        ({ id }) =>
          hosts
            .at(id)
            .rules()
            .split('\n')
            .filter((line) => line === rule).length === 1,
      );
      await next.kill();
      return { ...survival, done: survival.done && done, doubled: made.some((count) => count > 1) };
    },
    async close() {
      await agent.close();
      await home.remove();
    },
  };
}

async function begin(admin: Browser, source: Instance, targets: readonly Instance[], rule: string) {
  const rules = `*filter\n:INPUT ACCEPT [0:0]\n${rule}\nCOMMIT\n`;
  const chains = [{ table: 'filter', chain: 'INPUT', rules: [1] }];
  const wanted = { kind: 'copy', instanceId: source.id, rules, chains };
  const hosts = targets.map(({ id }) => id);
  const plan: RolloutPlan = (await admin.post(apiPaths.rolloutPlan, { wanted, hosts })).body;
  await admin.post(apiPaths.rollouts, {
    ...{ wanted, hosts: plan.hosts.map(({ instanceId, revision }) => ({ instanceId, revision })) },
    ...{ waveSize: 2, waitSeconds: 60 },
  });
}

/** The newest roll-out as the next process has it in the end. */
async function judge(browser: Browser, failpoint: string): Promise<Omit<Survival, 'doubled'>> {
  const operation = await until(40_000, async () => {
    const found = (await browser.get(`${apiPaths.operations}?limit=1`)).body.operations[0];
    if (found.state === 'running') throw new Error(`rollout at ${failpoint}: still running`);
    return found;
  });
  const rollout: Rollout = (await browser.get(apiPaths.rollout(operation.id))).body;
  const { records } = (await browser.get(`${apiPaths.audit}?limit=100&action=rollout.`)).body;
  const phasesOf = (id: string) =>
    (records as AuditRecord[]).filter(({ operationId }) => operationId === id).map(({ phase }) => phase);
  const whole = rollout.hosts.every(
    ({ state, operationId }) => state === 'succeeded' && phasesOf(operationId).join() === 'succeeded,intent',
  );
  return { kind: 'rollout', failpoint, operation, done: whole, phases: phasesOf(operation.id) };
}
