import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type RevertReason, trialSchema } from '@moru/types';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startHost, type TestBackend, type TestHost } from '../testing/host.ts';
import { cutOff, shortWait, type TrialClient, trialClient, until } from '../testing/trial-client.ts';

/** Rounds on one host each; the long form is `npm run chaos`. */
const rounds = 5;
/** As short as may be; where the guard has to be killed before it acts, a busy machine needs longer. */
const shortSeconds = 3;
const killSeconds = 6;

interface Round {
  host: TestHost;
  trial: TrialClient;
  id: string;
  restart(): Promise<void>;
  kill(pid: number): Promise<void>;
}

interface Kind {
  reason: RevertReason;
  by: 'guard' | 'agent';
  waitSeconds: number;
  happens(round: Round): Promise<void>;
}

/** What happens while the host cannot be reached, and what its record then says. */
const kinds = {
  'with nobody there to confirm': {
    reason: 'expired',
    by: 'guard',
    waitSeconds: shortSeconds,
    happens: async () => {},
  },
  'F2: with the agent killed right after the change': {
    reason: 'expired',
    by: 'guard',
    waitSeconds: shortSeconds,
    happens: async ({ host, restart }: Round) => {
      await host.killAgent();
      // the guard needs nobody; the agent comes back to tell
      await until(10_000, async () => (await host.run('iptables', ['-S', 'INPUT'])).stdout.includes('7443'));
      await restart();
    },
  },
  'F3: with agent and guard killed, by the next agent': {
    reason: 'expired',
    by: 'agent',
    waitSeconds: killSeconds,
    happens: async ({ host, trial, restart, kill }: Round) => {
      const guard = await trial.guardPid();
      await host.killAgent();
      await kill(guard);
      await new Promise((resolve) => setTimeout(resolve, killSeconds * 1000));
      await restart();
    },
  },
  'F3: with the guard killed alone': {
    reason: 'expired',
    by: 'guard',
    waitSeconds: killSeconds,
    happens: async ({ trial, kill }: Round) => kill(await trial.guardPid()),
  },
  'F4: with the host started anew': {
    reason: 'reboot',
    by: 'agent',
    waitSeconds: killSeconds,
    happens: async ({ host, trial, restart, kill, id }: Round) => {
      const guard = await trial.guardPid();
      await host.killAgent();
      await kill(guard);
      // what a boot is to the agent: no rules, another boot id
      await host.run('iptables', ['-F']);
      await host.run('iptables', ['-P', 'INPUT', 'ACCEPT']);
      await writeFile(join(host.folder, 'boot_id'), `${id}\n`);
      await restart();
    },
  },
} as const satisfies Record<string, Kind>;

/** One host, and as many changes that cut it off as there are rounds. Rejects at the first that does not come back. */
async function survive(backend: TestBackend, { reason, by, waitSeconds, happens }: Kind): Promise<void> {
  const host = await startHost(backend, shortWait);
  try {
    const trial = trialClient(host);
    const bootIdFile = join(host.folder, 'boot_id');
    await writeFile(bootIdFile, 'first\n');
    const environment = { MORU_AGENT_BOOT_ID_FILE: bootIdFile };
    await host.restartAgent(environment);
    const restart = () => host.restartAgent(environment);
    const kill = async (pid: number) => {
      expect(await host.run('kill', ['-KILL', `${pid}`])).toMatchObject({ exitCode: 0 });
    };
    let seen = 0;
    for (let round = 0; round < rounds; round++) {
      await host.run('iptables', ['-F']);
      await host.run('iptables', ['-A', 'INPUT', '-p', 'tcp', '--dport', '7443', '-j', 'ACCEPT']);
      const before = await trial.rules();
      const started = await trial.start(cutOff, { waitSeconds });
      expect(started).toMatchObject({ status: 201, body: { state: 'applied' } });
      const { id } = started.body;
      const applied = performance.now();
      const reachable = await trial.reachable();
      // on a machine so busy that the wait is nearly over by now, it would prove nothing
      if (performance.now() - applied < (waitSeconds - 1) * 1000) {
        expect(reachable).toBe(false);
        seen += 1;
      }
      await happens({ host, trial, id, restart, kill });
      // from here on the agent runs: the wait and 5 s, or 5 s where the wait is over
      await until((by === 'guard' ? waitSeconds + 5 : 5) * 1000, trial.reachable);
      const ended = await until(5_000, async () => {
        const { body } = await trial.find(id);
        return body.state === 'reverted' && trialSchema.parse(body);
      });
      expect(ended).toMatchObject({ state: 'reverted', reverted: { reason, by }, remainingMs: null });
      // after a boot the rules are what it loaded (here none), not the snapshot
      if (reason === 'reboot') expect(await trial.rules()).not.toMatch(/DROP|-A INPUT/);
      else expect(await trial.rules()).toBe(before);
      expect(await trial.folders(id)).toEqual([`reverted-${id}.${reason}`]);
    }
    expect(seen).toBeGreaterThan(0);
  } finally {
    await host.stop();
  }
}

const backends = ['legacy', 'nft'] as const;
const surviving = new Map<string, Promise<void>>();

// most of the time is waiting: all hosts at once
beforeAll(() => {
  for (const backend of backends) {
    for (const [name, kind] of Object.entries(kinds)) {
      const run = survive(backend, kind);
      run.catch(() => {});
      surviving.set(`${backend} ${name}`, run);
    }
  }
});

// also those that a filter leaves out: each takes its host away
afterAll(async () => {
  await Promise.allSettled(surviving.values());
}, 120_000);

describe.each(backends)('T18: a change that cuts a host with %s off', (backend) => {
  it.each(Object.keys(kinds))('reverts %s', (name) => surviving.get(`${backend} ${name}`), 120_000);
});
