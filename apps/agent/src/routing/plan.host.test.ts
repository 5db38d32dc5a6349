import { join } from 'node:path';
import type { RouteEdit } from '@moru/types';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { predictNetRoute } from './net-route.ts';
import { planRoutes, type RoutePlan } from './plan.ts';
import { revisionOf } from './revision.ts';
import { type RoutedHost, startRoutedHost } from './testing/two-gateways.ts';

let host: RoutedHost;

beforeAll(async () => {
  host = await startRoutedHost();
});
afterAll(() => host.stop());

const families = ['ipv4', 'ipv6'] as const;
const flag = { ipv4: '-4', ipv6: '-6' };

async function plan(...edits: RouteEdit[]): Promise<RoutePlan> {
  const outcome = planRoutes(await host.facts(), edits);
  if ('errors' in outcome) throw new Error(JSON.stringify(outcome.errors));
  return outcome.plan;
}

const revision = async () => revisionOf((await host.facts()).routes);

async function apply(made: RoutePlan): Promise<void> {
  for (const family of families)
    if (made.apply[family]) await host.ip(`${flag[family]} -batch -`, made.apply[family]);
}

/** As trial and guard run it: the exit code says nothing. */
async function revert(made: RoutePlan): Promise<void> {
  for (const family of families) {
    if (made.revert[family])
      await host.run('ip', [flag[family], '-force', '-batch', '-'], made.revert[family]);
  }
}

/** Applies, compares, reverts, compares; leaves the host as it was. */
async function thereAndBack(...edits: RouteEdit[]): Promise<RoutePlan> {
  const before = await host.tables();
  const made = await plan(...edits);
  expect(await revision()).toBe(made.from);
  await apply(made);
  expect(await revision()).toBe(made.to);
  expect(predictNetRoute(made.wanted)).toBe((await host.run('route', ['-n'])).stdout);
  await revert(made);
  expect(await host.tables()).toBe(before);
  return made;
}

const eth1Goes: RouteEdit = { type: 'keepDefault', family: 'ipv4', gateway: '198.168.0.1', device: 'eth0' };
const eth0Goes: RouteEdit = { type: 'keepDefault', family: 'ipv4', gateway: '10.10.0.1', device: 'eth1' };

describe('two default gateways of one metric', () => {
  it('the guide’s repair, and back in the same order', async () => {
    const made = await thereAndBack(eth1Goes);
    expect(made.apply).toEqual({
      ipv4: 'route del default via 10.10.0.1 dev eth1 proto boot scope global metric 100\n',
      ipv6: '',
    });
    expect(made.commands).toEqual([
      {
        route: 'sudo route del default gw 10.10.0.1 dev eth1',
        ip: 'sudo ip route del default via 10.10.0.1 dev eth1 proto boot scope global metric 100',
      },
    ]);
  });

  it('the guide’s own command does the same', async () => {
    const made = await plan(eth1Goes);
    const words = made.commands[0]?.route?.split(' ').slice(1) ?? [];
    expect((await host.run(words[0] ?? '', words.slice(1))).exitCode).toBe(0);
    expect(await revision()).toBe(made.to);
    await revert(made);
    expect(await revision()).toBe(made.from);
  });

  it('the winner goes and comes back as the winner', async () => {
    await thereAndBack(eth0Goes);
  });

  it('IPv6: one of the shared ways goes and comes back', async () => {
    await thereAndBack({ type: 'keepDefault', family: 'ipv6', gateway: 'FD00:1:0::1', device: 'eth0' });
    await thereAndBack({ type: 'keepDefault', family: 'ipv6', gateway: 'fd00:2::1', device: 'eth1' });
  });

  it('both families in one change', async () => {
    await thereAndBack(eth0Goes, {
      type: 'keepDefault',
      family: 'ipv6',
      gateway: 'fd00:2::1',
      device: 'eth1',
    });
  });

  it.each(['first', 'last'] as const)('a third gateway as the %s', async (place) => {
    const third = { gateway: '10.10.0.9', device: 'eth1', metric: 100, source: null, place };
    const made = await thereAndBack({ type: 'add', family: 'ipv4', destination: 'default', ...third });
    expect(made.apply.ipv4).toMatch(place === 'first' ? /^route prepend/ : /^route append/);
  });

  it('add, delete and put back in one change', async () => {
    const { routes } = await host.facts();
    const eth0 = routes.find(({ gateway }) => gateway === '198.168.0.1');
    if (!eth0) throw new Error('not there');
    await thereAndBack(
      { type: 'delete', family: 'ipv4', specification: eth0.specification },
      {
        type: 'add',
        family: 'ipv4',
        destination: '192.0.2.0/24',
        gateway: '10.10.0.7',
        device: 'eth1',
        metric: null,
        source: '10.10.0.5',
        place: 'last',
      },
      {
        type: 'add',
        family: 'ipv6',
        destination: '2001:db8::/32',
        gateway: 'fe80::1',
        device: 'eth1',
        metric: null,
        source: null,
        place: 'last',
      },
      {
        type: 'add',
        family: 'ipv4',
        destination: 'default',
        gateway: '10.10.0.8',
        device: 'eth1',
        metric: 0,
        source: null,
        place: 'last',
      },
    );
    const before = await host.tables();
    await apply(await plan(eth0Goes));
    await apply(await plan({ type: 'putBack', route: eth0, place: 'first' }));
    expect(await host.tables()).toBe(before);
  });
});

describe('the way back', () => {
  it('run twice it changes nothing more', async () => {
    const before = await host.tables();
    for (const edit of [eth1Goes, eth0Goes]) {
      const made = await plan(edit);
      await revert(made);
      expect(await host.tables()).toBe(before);
      await apply(made);
      await revert(made);
      await revert(made);
      expect(await host.tables()).toBe(before);
    }
  });

  it('F2, F3: from any part of the change, and from any part of a revert', async () => {
    await host.ip('route append default via 198.168.0.9 dev eth0 metric 100');
    const before = await host.tables();
    const made = await plan(eth0Goes, {
      type: 'add',
      family: 'ipv4',
      destination: 'default',
      gateway: '10.10.0.8',
      device: 'eth1',
      metric: 100,
      source: null,
      place: 'first',
    });
    const steps = made.apply.ipv4.trim().split('\n');
    const back = made.revert.ipv4.trim().split('\n');
    for (let done = 0; done <= steps.length; done++) {
      for (let undone = 0; undone <= back.length; undone++) {
        for (const line of steps.slice(0, done)) await host.ip(line);
        await host.run('ip', ['-4', '-force', '-batch', '-'], `${back.slice(0, undone).join('\n')}\n`);
        expect(await host.ip('route show default')).not.toBe('');
        await revert(made);
        expect(await host.tables()).toBe(before);
      }
    }
    await host.ip('route del default via 198.168.0.9 dev eth0 metric 100');
  });

  it('F14: leaves what another program made meanwhile, behind the old winner', async () => {
    const before = await host.tables();
    const made = await plan(eth0Goes);
    await apply(made);
    await host.ip('route append default via 10.10.0.77 dev eth1 metric 100');
    await host.ip('route append 192.0.2.0/24 via 10.10.0.1');
    await revert(made);
    const gateways = (await host.ip('route show default')).match(/via \S+/g);
    expect(gateways).toEqual(['via 198.168.0.1', 'via 10.10.0.77', 'via 10.10.0.1']);
    await host.ip('route del default via 10.10.0.77');
    await host.ip('route del 192.0.2.0/24');
    expect(await host.tables()).toBe(before);
  });

  it('a route without a metric never takes its twin with one away', async () => {
    await host.ip('route append default via 10.10.0.1 dev eth1');
    const made = await thereAndBack({
      type: 'delete',
      family: 'ipv4',
      specification: 'default via 10.10.0.1 dev eth1 proto boot scope global',
    });
    expect(made.commands[0]?.route).toBe('sudo route del default gw 10.10.0.1 dev eth1');
    await revert(made);
    await revert(made);
    expect((await host.ip('route show default')).match(/10\.10\.0\.1 /g)).toHaveLength(2);
    await apply(made);
  });

  it('an added route without a metric goes alone, also the second time', async () => {
    const before = await host.tables();
    const added = { destination: 'default', gateway: '10.10.0.1', device: 'eth1', metric: null };
    const made = await thereAndBack({ type: 'add', family: 'ipv4', ...added, source: null, place: 'last' });
    await revert(made);
    await revert(made);
    expect(await host.tables()).toBe(before);
  });

  it('an interface that is down meanwhile costs its own routes only', async () => {
    const made = await plan(eth0Goes);
    await apply(made);
    await host.ip('link set eth0 down');
    await revert(made);
    expect((await host.ip('route show default')).match(/via \S+/g)).toEqual(['via 10.10.0.1']);
    await host.ip('link set eth0 up');
    await revert(made);
    expect((await host.ip('route show default')).match(/via \S+/g)).toEqual([
      'via 198.168.0.1',
      'via 10.10.0.1',
    ]);
  });
});

describe('as the agent runs it', () => {
  const code = `
    import { applyBatch, currentRevision } from ${JSON.stringify(join(import.meta.dirname, 'run.ts'))};
    const revisions = [await currentRevision()];
    let problem = null;
    await applyBatch('ipv4', process.argv[1]).catch((error) => { problem = error.problem; });
    revisions.push(await currentRevision());
    console.log(JSON.stringify({ revisions, problem }));`;
  const onHost = async (lines: string) => {
    const { stdout, stderr } = await host.run(process.execPath, ['--input-type=module', '-e', code, lines]);
    if (stdout === '') throw new Error(stderr);
    return JSON.parse(stdout);
  };

  it('goes from the one revision to the other', async () => {
    const made = await plan(eth0Goes);
    expect(await onHost(made.apply.ipv4)).toEqual({ revisions: [made.from, made.to], problem: null });
    await revert(made);
  });

  it('stops at the first line that fails, with the words of ip', async () => {
    const made = await plan(eth0Goes);
    const [line = ''] = made.apply.ipv4.split('\n');
    const outcome = await onHost(`${line}\n${line}\nroute flush table main\n`);
    expect(outcome).toMatchObject({
      revisions: [made.from, made.to],
      problem: { code: 'host.failed', upstream: expect.stringMatching(/No such process/) },
    });
    await revert(made);
    expect(await revision()).toBe(made.from);
  });
});
