import { connect } from 'node:net';
import { join } from 'node:path';
import { doorPort } from '../client-network.ts';
import type { TestHost } from '../host.ts';
import { untilSaid } from '../processes.ts';

/** How long a visitor waits for the greeting. */
const patienceMs = 700;

/** Opens the host's port 22 (door.py): what an administrator tries to reach, with the agent or without. */
export async function openDoor(host: TestHost): Promise<void> {
  await untilSaid(host.start('python3', [join(import.meta.dirname, '../door.py')]), 'open');
}

/** Whether a new connection from the client's network is greeted soon. */
export function knock(host: TestHost): Promise<boolean> {
  return new Promise((resolve) => {
    const visitor = connect(host.network.socket(doorPort));
    const answer = (greeted: boolean) => {
      visitor.destroy();
      clearTimeout(timer);
      resolve(greeted);
    };
    const timer = setTimeout(answer, patienceMs, false);
    visitor.once('data', (greeting: Buffer) => answer(greeting.toString().startsWith('SSH-')));
    visitor.once('error', () => answer(false));
    visitor.once('close', () => answer(false));
  });
}
