import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { AgentCode } from './provision.ts';

const checkout = fileURLToPath(new URL('../../../..', import.meta.url));
const place = '/opt/moru';

/** The agent as it is in this checkout, under the same layout inside the machine. */
export function agentFromSources(): AgentCode {
  const parts = ['apps/agent', 'packages/types', 'packages/netfilter', 'node_modules'];
  return {
    node: process.execPath,
    entry: `${place}/apps/agent/src/main.ts`,
    folders: Object.fromEntries(parts.map((part) => [`${place}/${part}`, join(checkout, part)])),
  };
}
