import { describe, expect, test } from 'vitest';
import type { Transition } from '../instances/lifecycle.ts';
import { nowhere } from '../testing/facts.ts';
import { differences } from '../testing/shapes.ts';
import { eventually, everyStage, openCloud, sharedCloud, type TestCloud } from '../testing/test-cloud.ts';
import { instance as instanceShape } from './wire.ts';

/** Every way to do something to an instance that bare metal knows (reference/kakaocloud.md B.2, C.4). */
const actions = ['start', 'stop', 'hard-reboot', 'rebuild', 'delete'] as const;
type Action = (typeof actions)[number];

function requestOf(action: Action, id: string): [method: string, path: string] {
  const instance = `/api/v1/instances/${id}`;
  return action === 'delete' ? ['DELETE', instance] : ['POST', `${instance}/${action}`];
}

/** The same by the newer form; deletion and rebuilding have none. */
const newer = ['start', 'stop', 'hard-reboot'] as const;

async function act(cloud: TestCloud, action: Action, id: string): Promise<number> {
  const [method, path] = requestOf(action, id);
  const { image } = await cloud.instance('web-01');
  const body = action === 'rebuild' ? { body: { rebuild: { image_id: image.id } } } : {};
  return (await cloud.as('admin', method, path, body)).status;
}

async function stateOf(cloud: TestCloud, name: string) {
  const { status, vm_state, task_state, power_state } = await cloud.instance(name);
  return { status, vm_state, task_state, power_state };
}

/** B.3: from where each may begin. Rebuild and delete are gaps: from every state of rest here, also a failed one. */
const allowed: Record<string, Action[]> = {
  active: ['stop', 'hard-reboot', 'rebuild', 'delete'],
  stopped: ['start', 'hard-reboot', 'rebuild', 'delete'],
};
const refused = (state: string) => actions.filter((action) => !allowed[state]?.includes(action));

describe('at rest', () => {
  const cloud = sharedCloud();
  for (const [state, name] of [
    ['active', 'web-02'],
    ['stopped', 'batch-01'],
  ] as const) {
    for (const action of refused(state)) {
      test(`B.3 ${action} while ${state} is a 409 that changes nothing`, async () => {
        const { id } = await cloud.instance(name);
        const before = await stateOf(cloud, name);
        expect(await act(cloud, action, id)).toBe(409);
        expect(await stateOf(cloud, name)).toEqual(before);
      });
    }
  }

  for (const action of ['soft-reboot', 'shelve', 'unshelve']) {
    test(`A.3, B.4 ${action} is not for bare metal`, async () => {
      const { id } = await cloud.instance('web-01');
      for (const path of [
        `/api/v1/instances/${id}/${action}`,
        `/api/v1/instances/${id}/actions?action=${action}`,
      ]) {
        expect((await cloud.as('admin', 'POST', path)).status).toBe(409);
      }
    });
  }

  test('A.3 resizing is not for bare metal', async () => {
    const { id, flavor } = await cloud.instance('batch-01');
    const path = `/api/v1/instances/${id}/resize`;
    expect((await cloud.as('admin', 'POST', path, { body: { flavor: { id: flavor.id } } })).status).toBe(409);
    expect((await cloud.as('admin', 'POST', path, { body: {} })).status).toBe(400);
  });

  test('C.4 another action is a 400 in the newer form, and no path in the older', async () => {
    const { id } = await cloud.instance('web-01');
    for (const query of ['?action=delete', '?action=', '?action=stop&action=start', '']) {
      const { status } = await cloud.as('admin', 'POST', `/api/v1/instances/${id}/actions${query}`);
      expect([query, status]).toEqual([query, 400]);
    }
    expect((await cloud.as('admin', 'POST', `/api/v1/instances/${id}/pause`)).status).toBe(404);
  });

  test('C.3 what is not there is a 404, and what is another’s too', async () => {
    const { id } = await cloud.instance('web-01');
    for (const action of actions) {
      expect([action, await act(cloud, action, nowhere)]).toEqual([action, 404]);
      const [method, path] = requestOf(action, id);
      const body = action === 'rebuild' ? { body: { rebuild: { image_id: nowhere } } } : {};
      const { status } = await cloud.as('stranger', method, path, body);
      expect([action, status]).toEqual([action, 404]);
    }
  });

  test('A.9 a reader does nothing', async () => {
    const { id } = await cloud.instance('web-01');
    for (const action of actions) {
      const [method, path] = requestOf(action, id);
      expect((await cloud.as('reader', method, path)).status).toBe(403);
    }
  });

  test('C.4 rebuilding takes an image, and key pairs of one’s own', async () => {
    const { id, image } = await cloud.instance('web-01');
    const rebuild = async (body: unknown) =>
      (await cloud.as('admin', 'POST', `/api/v1/instances/${id}/rebuild`, { body })).status;
    expect(await rebuild({})).toBe(400);
    expect(await rebuild({ rebuild: {} })).toBe(400);
    expect(await rebuild({ rebuild: { image_id: nowhere } })).toBe(400);
    expect(await rebuild({ rebuild: { image_id: image.id, key_name: 'made-up' } })).toBe(400);
    expect((await stateOf(cloud, 'web-01')).status).toBe('active');
  });
});

/** How to get into each transition, from which instance, and through which state it is left. */
const transitions: { status: Transition; from: string; by: Action; vm: string; power: string }[] = [
  { status: 'powering-off', from: 'web-01', by: 'stop', vm: 'active', power: 'RUNNING' },
  { status: 'powering-on', from: 'batch-01', by: 'start', vm: 'stopped', power: 'SHUTDOWN' },
  { status: 'rebooting_hard', from: 'web-01', by: 'hard-reboot', vm: 'active', power: 'RUNNING' },
  { status: 'rebooting_started_hard', from: 'batch-01', by: 'hard-reboot', vm: 'stopped', power: 'SHUTDOWN' },
  { status: 'rebuild_spawning', from: 'web-02', by: 'rebuild', vm: 'active', power: 'RUNNING' },
  { status: 'deleting', from: 'db-01', by: 'delete', vm: 'active', power: 'RUNNING' },
];

describe('under way', () => {
  for (const { status, from, by, vm, power } of transitions) {
    test(`B.1 ${status}: told in the state’s own spelling, and nothing else is done meanwhile`, async () => {
      const cloud = await openCloud({ durations: { ...everyStage(0), [status]: 600_000 } });
      const { id } = await cloud.instance(from);
      expect(await act(cloud, by, id)).toBe(by === 'delete' ? 204 : by === 'rebuild' ? 200 : 202);
      await eventually(() => stateOf(cloud, from)).toEqual({
        status,
        task_state: status,
        vm_state: vm,
        power_state: power,
      });
      for (const action of actions) {
        expect([action, await act(cloud, action, id)]).toEqual([action, 409]);
      }
      const { body } = await cloud.as('admin', 'GET', `/api/v1/instances/${id}`);
      expect(differences(body, { instance: instanceShape })).toEqual([]);
    });
  }

  test('B.1 spawning: not billed yet, and nothing is done meanwhile', async () => {
    const cloud = await openCloud({ durations: { ...everyStage(0), spawning: 600_000 } });
    const { image, flavor } = await cloud.instance('web-01');
    const { body: subnets } = await cloud.as('admin', 'GET', '/api/v1/subnets');
    const { subnets: [subnet] = [] } = subnets as { subnets?: { id: string }[] };
    const wanted = { name: 'fresh', image_id: image.id, flavor_id: flavor.id, subnets: [{ id: subnet?.id }] };
    const { body } = await cloud.as('admin', 'POST', '/api/v1/instances', { body: { instance: wanted } });
    const { id } = (body as { instance: { id: string } }).instance;
    expect(await stateOf(cloud, 'fresh')).toEqual({
      status: 'spawning',
      vm_state: 'building',
      task_state: 'spawning',
      power_state: 'NOSTATE',
    });
    for (const action of actions) {
      expect([action, await act(cloud, action, id)]).toEqual([action, 409]);
    }
  });
});

describe('from one state to the next', () => {
  const rest = { active: ['active', 'RUNNING'], stopped: ['stopped', 'SHUTDOWN'] } as const;
  const ways: [name: string, action: Action, to: keyof typeof rest][] = [
    ['batch-01', 'start', 'active'],
    ['web-01', 'stop', 'stopped'],
    ['web-01', 'hard-reboot', 'active'],
    ['web-02', 'hard-reboot', 'active'],
    ['db-01', 'rebuild', 'active'],
    ['batch-01', 'stop', 'stopped'],
    ['batch-01', 'rebuild', 'active'],
  ];
  const cloud = sharedCloud();
  for (const [name, action, to] of ways) {
    test(`B.3 ${action} leads ${name} to ${to}`, async () => {
      const { id } = await cloud.instance(name);
      expect(await act(cloud, action, id)).toBeLessThan(300);
      const [state, power] = rest[to];
      await eventually(() => stateOf(cloud, name)).toEqual({
        status: state,
        vm_state: state,
        task_state: null,
        power_state: power,
      });
    });
  }

  test('B.3 delete leads to nothing', async () => {
    const { id } = await cloud.instance('web-02');
    expect(await act(cloud, 'delete', id)).toBe(204);
    await eventually(async () => (await cloud.as('admin', 'GET', `/api/v1/instances/${id}`)).status).toBe(
      404,
    );
  });

  for (const [index, action] of newer.entries()) {
    test(`C.4 ${action} in the newer form, with the action in the ${index === 0 ? 'body' : 'query'}`, async () => {
      const { id, status } = await cloud.instance('web-01');
      const wanted = action === 'start' ? 'stop' : 'start';
      if (action !== 'hard-reboot' && status === (action === 'start' ? 'active' : 'stopped')) {
        await act(cloud, wanted, id);
        await eventually(async () => (await cloud.instance('web-01')).task_state).toBe(null);
      }
      const path = `/api/v1/instances/${id}/actions`;
      const answer =
        index === 0
          ? await cloud.as('member', 'POST', path, { body: { action } })
          : await cloud.as('member', 'POST', `${path}?action=${action}`);
      expect([answer.status, answer.text]).toEqual([202, '']);
      await eventually(async () => (await cloud.instance('web-01')).status).toBe(
        action === 'stop' ? 'stopped' : 'active',
      );
    });
  }
});
