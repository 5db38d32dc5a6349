import { expect, test } from 'vitest';
import type { AgentClient } from '../agent/client.ts';
import { createLogger } from '../log.ts';
import { emptyState } from '../testing/fake-agent.ts';
import { createSummaries } from './summaries.ts';

const log = createLogger({ write: () => undefined });
const refuse = () => Promise.reject(new Error('not asked for here'));
const agents: AgentClient = {
  ask: refuse,
  readFirewall: async () => emptyState(),
  readOutput: refuse,
  change: refuse,
  save: refuse,
};

const nic = {
  id: 'nic-1',
  name: 'eth0',
  device: 'eth0',
  primary: true,
  macAddress: null,
  privateIp: null,
  subnet: null,
  publicIp: null,
};

test('a host that has no address at first is asked once it has one', async () => {
  const summaries = createSummaries(agents, log);
  const bare = { id: 'i', status: 'active', networkInterfaces: [nic] };
  const [without] = await summaries.addTo([bare], 1_000);
  expect(without?.firewall.agent).toBe('none');
  const placed = { ...bare, networkInterfaces: [{ ...nic, privateIp: '10.0.0.2' }] };
  const [reached] = await summaries.addTo([placed], 1_000);
  expect(reached?.firewall).toMatchObject({ agent: 'connected', open: true });
});
