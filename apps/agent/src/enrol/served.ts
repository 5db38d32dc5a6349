import { X509Certificate } from 'node:crypto';
import { connect } from 'node:tls';
import type { Config } from '../config.ts';

const tryMs = 1_000;

/** Whether the agent on this host shows the certificate by now: it follows the file, within seconds. */
export async function isServed(
  { listen }: Pick<Config, 'listen'>,
  certificate: string,
  patienceMs: number,
): Promise<boolean> {
  const wanted = new X509Certificate(certificate).fingerprint256;
  const end = performance.now() + patienceMs;
  do {
    if ((await shown(listen)) === wanted) return true;
    await new Promise((resolve) => setTimeout(resolve, 200));
  } while (performance.now() < end);
  return false;
}

/** The fingerprint of what is shown; null where nobody answers. */
function shown({ host, port }: Config['listen']): Promise<string | null> {
  const address = host === '0.0.0.0' ? '127.0.0.1' : host === '::' ? '::1' : host;
  return new Promise((resolve) => {
    // only looked at: without a certificate of our own the agent hears nothing from us
    const socket = connect({ host: address, port, rejectUnauthorized: false, timeout: tryMs });
    const end = (found: string | null) => {
      socket.destroy();
      resolve(found);
    };
    socket.once('secureConnect', () => end(socket.getPeerCertificate().fingerprint256 ?? null));
    socket.once('error', () => end(null));
    socket.once('timeout', () => end(null));
  });
}
