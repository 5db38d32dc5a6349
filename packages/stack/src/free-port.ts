import { createServer } from 'node:net';

const portsToTry = 20;

/** The port that was asked for, or the first ones from `first` on. */
export function portChoice(port: number | undefined, first: number): number[] {
  if (port !== undefined) return [port];
  return Array.from({ length: portsToTry }, (_, index) => first + index);
}

/** The first of these ports of loopback that nobody listens on at this moment; 0 stands for any. */
export async function freePort(ports = [0]): Promise<number> {
  for (const port of ports) {
    const found = await probe(port);
    if (found !== null) return found;
  }
  throw new Error(`port ${ports.join(', ')} is taken on 127.0.0.1`);
}

function probe(port: number): Promise<number | null> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE') resolve(null);
      else reject(error);
    });
    server.listen(port, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(address && typeof address === 'object' ? address.port : null));
    });
  });
}
