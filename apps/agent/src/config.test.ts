import { join } from 'node:path';
import { expect, it } from 'vitest';
import { readConfig } from './config.ts';

it('has a default for everything', () => {
  expect(readConfig({})).toEqual({
    listen: { host: '0.0.0.0', port: 7443 },
    tlsFolder: '/var/lib/moru/tls',
    rulesFile: '/etc/iptables.rules',
    stateFolder: '/var/lib/moru',
    minWaitSeconds: 30,
    guardScript: join(import.meta.dirname, '../guard/guard.sh'),
    guardStartedBy: 'agent',
    heartbeatFile: null,
    maxAgeSeconds: 120,
    api: 1,
    bootIdFile: '/proc/sys/kernel/random/boot_id',
  });
});

it('takes an IPv6 address in brackets', () => {
  expect(readConfig({ MORU_AGENT_LISTEN: '[::1]:0' }).listen).toEqual({ host: '::1', port: 0 });
});

it('names every problem at once', () => {
  const bad = { MORU_AGENT_LISTEN: '10.0.0.1:70000', MORU_AGENT_STATE: 'state', MORU_AGENT_RULES_FILE: '' };
  expect(() => readConfig(bad)).toThrow(
    /^MORU_AGENT_LISTEN: .*\nMORU_AGENT_STATE: .*\nMORU_AGENT_RULES_FILE: .*$/,
  );
});
