import { checkRequestSchema, type Family, trialRequestSchema } from '@moru/types';
import { beforeEach, expect, it, vi } from 'vitest';
import { type SimulatedDisk, simulatedHost } from './simulated-host.ts';

let disk: SimulatedDisk;
let host: ReturnType<typeof simulatedHost>;

const input = () => host.output('save', 'ipv4').text;
const ssh = '-A INPUT -p tcp -m tcp --dport 22 -j ACCEPT';
const image = [':INPUT ACCEPT [0:0]', ':sshguard - [0:0]', '-A INPUT -j sshguard'];
const draft = (lines: string[], family: Family = 'ipv4') => ({
  [family]: { revision: host.state(family).revision, rules: `*filter\n${lines.join('\n')}\nCOMMIT\n` },
});
const request = (lines: string[], more: object = {}) =>
  trialRequestSchema.parse({
    ...draft(lines),
    ...{ idempotencyKey: crypto.randomUUID(), author: 'tester', waitSeconds: 60, ...more },
  });

beforeEach(() => {
  disk = {};
  host = simulatedHost(disk, () => {}, 'web-01');
});

it('is confirmed with the secret and saved, or reverts by itself', () => {
  vi.useFakeTimers();
  const { trials } = host;
  const before = input();
  const first = trials.start(request([...image, ssh], { save: true }));
  expect(input()).toContain(ssh);
  expect(() => trials.confirm(first.id, 'x'.repeat(43))).toThrow(/./);
  expect(() => trials.start(request(image))).toThrow(/waits/);
  vi.advanceTimersByTime(61_000);
  expect(trials.find(first.id)).toMatchObject({ state: 'reverted', reverted: { reason: 'expired' } });
  expect(trials.findByKey(first.key)).toEqual(trials.find(first.id));
  expect(() => trials.findByKey('nobody-knows-it')).toThrow(/no such trial/);
  expect(input()).toBe(before);
  const second = trials.start(request([...image, ssh], { save: true }));
  expect(trials.confirm(second.id, second.secret ?? '')).toMatchObject({
    state: 'confirmed',
    confirmed: { saved: ['ipv4'] },
  });
  vi.advanceTimersByTime(120_000);
  expect(input()).toContain(ssh);
  expect(disk.ipv4?.text).toContain(ssh);
  expect(trials.current()).toEqual({ trial: null });
  vi.useRealTimers();
});

it('checks as an agent does, and asks for the host’s name where SSH is lost', () => {
  const access = { administrator: '198.51.100.7' };
  const closed = [':INPUT DROP [0:0]', ':sshguard - [0:0]'];
  const checked = host.trials.check(checkRequestSchema.parse({ ...draft(closed), access }));
  expect(checked.ipv4).toMatchObject({ stale: false, errors: [], difference: [{ chain: 'INPUT' }] });
  expect(checked.access).toMatchObject({ hostname: 'web-01', needs: { lost: [expect.any(String)] } });
  expect(() => host.trials.start(request(closed, { access }))).toThrow(/cuts a way/);
  const acknowledged = { hostname: 'WEB-01' };
  expect(host.trials.start(request(closed, { access, acknowledged })).state).toBe('applied');
  const wrong = draft([...image, '-A INPUT -j nowhere']);
  expect(host.trials.check(checkRequestSchema.parse(wrong))).toMatchObject({ access: null });
});
