import { connect } from 'node:net';
import type { Probe } from '@moru/types';
import { requireNicAddress } from '../agent/destination.ts';

const patienceMs = 4_000;

/** Opens a new TCP connection to the SSH port and waits for the server's greeting (RFC 4253, section 4.2). */
export async function probeSsh(address: string, port: number): Promise<Probe> {
  const at = new Date().toISOString();
  const began = performance.now();
  const reason = await greetingOf(requireNicAddress(address), port);
  const ms = Math.round(performance.now() - began);
  return { state: reason === null ? 'passed' : 'failed', at, address, port, ms, reason };
}

/** Null when an SSH server greets, else why not. */
function greetingOf(host: string, port: number): Promise<string | null> {
  return new Promise((resolve) => {
    const socket = connect({ host, port });
    const settle = (reason: string | null) => {
      clearTimeout(timer);
      socket.destroy();
      resolve(reason);
    };
    const timer = setTimeout(settle, patienceMs, 'ETIMEDOUT');
    socket.once('data', (chunk: Buffer) => {
      settle(chunk.toString('latin1').startsWith('SSH-') ? null : 'no SSH server answers there');
    });
    socket.once('error', (error: NodeJS.ErrnoException) => settle(error.code ?? error.message));
    socket.once('close', () => settle('closed without a greeting'));
  });
}
