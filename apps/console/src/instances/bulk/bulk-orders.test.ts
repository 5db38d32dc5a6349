import type { Instance } from '@moru/types';
import { expect, test } from 'vitest';
import { closedFor, heldBy, splitBy } from './bulk-orders.ts';

const nic = (id: string, status: string | null) => ({
  id,
  publicIp: status === null ? null : { id: `ip-${id}`, address: `203.0.113.${id}`, status },
});
const instance = (name: string, nics: ReturnType<typeof nic>[] = []) =>
  ({ id: name, name, networkInterfaces: nics }) as unknown as Instance;

test('each chosen one is either able or has a reason', () => {
  const split = splitBy([instance('a'), instance('b')], ({ name }) => (name === 'a' ? null : 'stopped'));
  expect(split.able.map(({ name }) => name)).toEqual(['a']);
  expect(split.unable).toMatchObject([{ row: { name: 'b' }, reason: 'stopped' }]);
});

test('an order that is for none of them says their one reason, or that there are several', () => {
  const closed = (...reasons: (string | null)[]) =>
    closedFor(
      splitBy(reasons, (reason) => reason),
      'various',
    );
  expect(closed('stopped', 'stopped')).toBe('stopped');
  expect(closed('stopped', 'gone')).toBe('various');
  expect(closed('stopped', null)).toBeNull();
});

test('a release takes every address of the chosen, but none that is still being connected', () => {
  const held = heldBy([
    instance('a', [nic('1', 'in_use'), nic('2', 'attaching')]),
    instance('b', [nic('3', null)]),
  ]);
  expect(held).toEqual([{ id: 'ip-1', address: '203.0.113.1', networkInterfaceId: '1', instanceName: 'a' }]);
});
