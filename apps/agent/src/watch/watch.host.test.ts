import { readFile } from 'node:fs/promises';
import { type WatchState, watchLimits, watchStateSchema } from '@moru/types';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startHost, type TestBackend, type TestHost } from '../testing/host.ts';
import { childOf } from '../testing/processes.ts';
import { shortWait, trialClient, until } from '../testing/trial-client.ts';

describe.each<TestBackend>(['legacy', 'nft'])('what is watched on a host with %s', (backend) => {
  let host: TestHost;
  const program = { legacy: 'inotifywait', nft: 'xtables-monitor' }[backend];
  const other = { legacy: 'nft', nft: 'legacy' }[backend];

  const ask = async (query = ''): Promise<WatchState> => {
    const { status, body } = await host.client('GET', `/v1/watch${query}`);
    expect(status).toBe(200);
    return watchStateSchema.parse(body);
  };
  /** Waits until the state is as wanted, by nothing but what the watch tells. */
  const seen = async (wanted: (state: WatchState) => boolean | undefined): Promise<WatchState> => {
    let state = await ask();
    for (let round = 0; !wanted(state) && round < 8; round++)
      state = await ask(`?after=${state.mark}&wait=5`);
    expect(wanted(state)).toBe(true);
    return state;
  };
  // what is in use may not be unmounted at once
  const succeed = (command: string, ...args: string[]) =>
    until(30_000, async () => (await host.run(command, args)).exitCode === 0);
  const [hide, show] = {
    // only a mount hides what is in /usr/bin
    legacy: [
      () => succeed('mount', '--bind', '/bin/false', '/usr/bin/inotifywait'),
      () => succeed('umount', '/usr/bin/inotifywait'),
    ],
    nft: [
      () => succeed('mv', '/usr/sbin/xtables-monitor', '/usr/sbin/away'),
      () => succeed('mv', '/usr/sbin/away', '/usr/sbin/xtables-monitor'),
    ],
  }[backend] as [() => Promise<unknown>, () => Promise<unknown>];
  const iptables = async (...args: string[]) =>
    expect(await host.run('iptables', args)).toMatchObject({ exitCode: 0 });
  const stateNow = async () => (await host.client('GET', '/v1/firewall?family=ipv4')).body;
  const append = async (rule: string) => {
    const place = { type: 'append', family: 'ipv4', table: 'filter', chain: 'INPUT' };
    const { revision } = await stateNow();
    const answer = await host.client('POST', '/v1/firewall/changes', { ...place, revision, rule });
    expect(answer.status).toBe(200);
    return answer.body;
  };
  const sourceOf = ({ sources }: WatchState, what: string) => sources.find((source) => source.what === what);
  const watcherPid = async (): Promise<number | undefined> => {
    const agentPid = await childOf(host.agent.pid ?? 0);
    const pids = (await readFile(`/proc/${agentPid}/task/${agentPid}/children`, 'utf8')).trim().split(' ');
    for (const pid of pids.map(Number)) {
      const line = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
      if (line.includes(program)) return pid;
    }
    return undefined;
  };

  beforeAll(async () => {
    host = await startHost(backend, shortWait);
    await iptables('-N', 'sshguard');
    await iptables('-A', 'INPUT', '-j', 'sshguard');
    await seen(
      (state) =>
        sourceOf(state, backend)?.how === 'events' && state.ipv4?.rules === 1 && state.pollSeconds >= 300,
    );
  });
  afterAll(() => host.stop());

  it('F14: a change typed on the host is told by its event, with whoever made it where that is known', async () => {
    const before = await ask();
    // looks without an event are minutes apart
    expect(before.pollSeconds).toBeGreaterThanOrEqual(300);
    const told = ask(`?after=${before.mark}&wait=20`);
    await iptables('-A', 'INPUT', '-s', '192.0.2.1', '-j', 'DROP');
    const { mark, ipv4, ipv6 } = await told;
    expect(mark).not.toBe(before.mark);
    expect(ipv4?.revision).toBe((await stateNow()).revision);
    expect(ipv4?.notBefore).not.toBeNull();
    expect(Date.parse(ipv4?.seenAt ?? '')).toBeGreaterThanOrEqual(Date.parse(ipv4?.notBefore ?? ''));
    // nft may tell a moment after the look that met the change; legacy never does
    const known = backend === 'nft' ? await seen((state) => state.ipv4?.madeBy !== null) : await ask();
    expect(known.ipv4?.madeBy).toEqual(
      backend === 'nft' ? { pid: expect.any(Number), name: expect.stringMatching(/^iptables/) } : null,
    );
    // Moru has not changed anything here
    expect(ipv4?.outside).toBeNull();
    expect(ipv6).toEqual(before.ipv6);
  });

  it('F14: a restore that takes its time is seen once it is done, though it told of itself when it began', async () => {
    await seen(({ ipv4 }) => ipv4?.rules === 2);
    // legacy opens the lock at the first table, and changes nothing before COMMIT
    const slowly = `(echo '*filter'; sleep 3; echo '-A INPUT -s 192.0.2.1 -j DROP'; echo COMMIT) | iptables-restore -n`;
    expect(await host.run('sh', ['-c', slowly])).toMatchObject({ exitCode: 0 });
    await seen(({ ipv4 }) => ipv4?.rules === 3);
    await iptables('-D', 'INPUT', '-s', '192.0.2.1', '-j', 'DROP');
    await seen(({ ipv4 }) => ipv4?.rules === 2);
  });

  it('F14: rules that could not be looked at once are looked at again, though nothing tells of them', async () => {
    const save = '/usr/sbin/iptables-save';
    const before = await seen(({ ipv4 }) => ipv4?.rules === 2);
    await host.run('mv', [save, `${save}.away`]);
    await host.run('ln', ['-s', '/bin/false', save]);
    await iptables('-t', 'nat', '-N', 'seen-later');
    await seen(({ ipv4 }) => ipv4 === null);
    await host.run('mv', [`${save}.away`, save]);
    await seen(({ ipv4 }) => ipv4 !== null && ipv4.revision !== before.ipv4?.revision);
    await iptables('-t', 'nat', '-X', 'seen-later');
    await seen(({ ipv4 }) => ipv4?.revision === before.ipv4?.revision);
  });

  it('tells what Moru has left from what others did since', async () => {
    const { revision } = await append('-p tcp --dport 22 -j ACCEPT');
    await seen(({ ipv4 }) => ipv4?.revision === revision && ipv4?.outside === false);
    await iptables('-A', 'INPUT', '-s', '192.0.2.2', '-j', 'DROP');
    const { ipv4 } = await seen((state) => state.ipv4?.outside === true);
    expect((await stateNow()).outside).toEqual({ seenAt: ipv4?.seenAt });
    await iptables('-D', 'INPUT', '-s', '192.0.2.2', '-j', 'DROP');
    await seen((state) => state.ipv4?.revision === revision && state.ipv4?.outside === false);
    expect((await stateNow()).outside).toBeNull();
  });

  it('what others have made is Moru’s once somebody saves it', async () => {
    await append('-p tcp --dport 2222 -j ACCEPT');
    await iptables('-A', 'INPUT', '-s', '192.0.2.3', '-j', 'DROP');
    const { revision, outside } = await stateNow();
    // before the watch has looked, which tells the time, or after
    expect(outside).toEqual({ seenAt: outside.seenAt });
    const zero = { family: 'ipv4', table: 'filter', chain: null, rule: null };
    expect((await host.client('POST', '/v1/firewall/zero', zero)).body.outside).not.toBeNull();
    const saved = await host.client('POST', '/v1/firewall/save', { family: 'ipv4', revision });
    expect(saved.status).toBe(200);
    expect(saved.body.outside).toBeNull();
    await seen(({ ipv4 }) => ipv4?.revision === revision && ipv4?.outside === false);
    expect((await stateNow()).outside).toBeNull();
    await iptables('-D', 'INPUT', '-s', '192.0.2.3', '-j', 'DROP');
    await seen(({ ipv4 }) => ipv4?.outside === true);
  });

  it('trials and their ends are Moru’s', async () => {
    const trial = trialClient(host);
    const started = await trial.start([':INPUT ACCEPT [0:0]', '-A INPUT -i lo -j ACCEPT'], {
      waitSeconds: 60,
    });
    const { id, revisions } = started.body;
    await seen(({ ipv4 }) => ipv4?.revision === revisions.ipv4?.after && ipv4?.outside === false);
    expect((await trial.revert(id)).status).toBe(200);
    await seen(({ ipv4 }) => ipv4?.revision === revisions.ipv4?.before && ipv4?.outside === false);
  });

  it('compares the saved file with what runs when either is another', async () => {
    const { revision } = await stateNow();
    const saved = await host.client('POST', '/v1/firewall/save', { family: 'ipv4', revision });
    expect(saved.status).toBe(200);
    await seen(({ ipv4 }) => ipv4?.saved.matches === true);
    await host.run('sed', ['-i', 's/--dport 22/--dport 23/', '/etc/iptables.rules']);
    await seen(({ ipv4 }) => ipv4?.saved.matches === false && ipv4.revision === revision);
    await host.run('rm', ['/etc/iptables.rules']);
    await seen(({ ipv4 }) => ipv4?.saved.exists === false);
  });

  it('T19: a ban of SSHGUARD is told, and is nobody’s change of the rules', async () => {
    const before = await ask();
    expect(before.ipv4?.foreignChangedAt).toBeNull();
    await iptables('-I', 'sshguard', '-s', '192.0.2.66', '-j', 'DROP');
    const { ipv4 } = await seen((state) => state.ipv4?.foreignChangedAt !== null);
    expect(ipv4?.revision).toBe(before.ipv4?.revision);
    expect(ipv4?.outside).toBe(before.ipv4?.outside);
  });

  it('sees the other back end', async () => {
    const before = await ask();
    expect(before.ipv4?.otherBackendChangedAt).toBeNull();
    expect(
      await host.run(`iptables-${other}`, ['-A', 'INPUT', '-s', '192.0.2.7', '-j', 'DROP']),
    ).toMatchObject({
      exitCode: 0,
    });
    const { ipv4 } = await seen((state) => state.ipv4?.otherBackendChangedAt !== null);
    expect(ipv4?.revision).toBe(before.ipv4?.revision);
  });

  it('tells of a route typed on the host, by its event alone', async () => {
    const { body: routing } = await host.client('GET', '/v1/routing');
    const before = await seen(
      ({ routes }) => routes?.how === 'events' && routes.revision === routing.revision,
    );
    const told = ask(`?after=${before.mark}&wait=20`);
    expect(await host.run('ip', ['route', 'add', '203.0.113.0/24', 'dev', 'lo'])).toMatchObject({
      exitCode: 0,
    });
    const { routes, ipv4 } = await told;
    expect(routes?.revision).toBe((await host.client('GET', '/v1/routing')).body.revision);
    expect(routes?.revision).not.toBe(before.routes?.revision);
    expect(ipv4).toEqual(before.ipv4);
    await host.run('ip', ['route', 'del', '203.0.113.0/24', 'dev', 'lo']);
    await seen((state) => state.routes?.revision === before.routes?.revision);
  });

  it('says when nothing tells of changes, and sees afterwards what it missed', async () => {
    await hide();
    const pid = await watcherPid();
    expect(pid).toBeDefined();
    process.kill(pid ?? 0, 'SIGKILL');
    const lost = await until(20_000, async () => {
      const source = sourceOf(await ask(), backend);
      return source?.how === 'polling' && source;
    });
    expect(lost.reason).not.toBeNull();
    await iptables('-A', 'INPUT', '-s', '192.0.2.8', '-j', 'DROP');
    await show();
    const { revision } = await stateNow();
    await seen((state) => sourceOf(state, backend)?.how === 'events' && state.ipv4?.revision === revision);
  });
});

describe('the programs that tell of changes', () => {
  it.each<TestBackend>(['legacy', 'nft'])(
    'end with an agent that is killed, on a host with %s',
    async (backend) => {
      const host = await startHost(backend);
      try {
        const agent = await childOf(host.agent.pid ?? 0);
        const tellers = async () => {
          const text = await readFile(`/proc/${agent}/task/${agent}/children`, 'utf8').catch(() => '');
          const pids = text.trim().split(' ').filter(Boolean).map(Number);
          const names = await Promise.all(
            pids.map((pid) => readFile(`/proc/${pid}/comm`, 'utf8').catch(() => '')),
          );
          return pids.filter((_, index) => /^(?:inotifywait|xtables-|nft|ip)/.test(names[index] ?? ''));
        };
        const before = await until(10_000, async () => {
          const found = await tellers();
          return found.length >= 2 && found;
        });
        await host.killAgent();
        await until(2_000, async () => {
          const left = await Promise.all(
            before.map((pid) => readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '')),
          );
          return left.every((stat) => stat === '' || / [ZX] /.test(stat));
        });
      } finally {
        await host.stop();
      }
    },
  );
});

describe('the watch', () => {
  let host: TestHost;
  beforeAll(async () => {
    host = await startHost('legacy');
  });
  afterAll(() => host.stop());

  it('T14: keeps so many waiting and no more, and none once the agent ends', async () => {
    const { mark } = (await host.client('GET', '/v1/watch')).body;
    const all = Array.from({ length: watchLimits.waiters + 1 }, () =>
      host.client('GET', `/v1/watch?after=${mark}&wait=25`),
    );
    const first = await Promise.race(all);
    expect(first).toMatchObject({ status: 503, body: { code: 'host.busy' } });
    const agent = await childOf(host.agent.pid ?? 0);
    process.kill(agent, 'SIGTERM');
    const statuses = (await Promise.all(all)).map(({ status }) => status);
    expect(statuses.filter((status) => status === 200)).toHaveLength(watchLimits.waiters);
    await host.restartAgent();
  });

  it.each(['?wait=26', '?wait=-1', '?after=', '?after=%0a', '?more=1'])('refuses %s', async (query) => {
    expect(await host.client('GET', `/v1/watch${query}`)).toMatchObject({ status: 400 });
  });

  it('answers a mark of another agent at once', async () => {
    expect((await host.client('GET', '/v1/watch?after=00000000.1&wait=25')).status).toBe(200);
  });
});
