import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

export interface TestNode {
  version: string;
  program: string;
  /** why it is not there; only outside of a build server */
  missing?: string;
}

/** The first long-term version of each line that hosts may have (tools/lib/older-nodes.js). */
const older = ['18.12.0', '20.9.0', '22.11.0'];

const place = (version: string) =>
  fileURLToPath(new URL(`../../../../.moru/nodes/${version}`, import.meta.url));

/**
 * Every Node that the agent is tested with: those of hosts, which `npm test` fetches, and this one. On a build server
 * (`CI=true`) all must be there.
 */
export function testNodes(): TestNode[] {
  const found = older.map((version): TestNode => {
    const program = place(version);
    if (existsSync(program)) return { version, program };
    if (process.env.CI === 'true') throw new Error(`Node ${version} is not in .moru/nodes`);
    return { version, program, missing: `Node ${version} was not fetched; npm test does that` };
  });
  return [...found, { version: process.versions.node, program: process.execPath }];
}
