import { connect, createServer, type Server, type Socket } from 'node:net';

/** More than any browser opens; a flood is refused at the door. */
const maximumConnections = 1_024;

export interface Forwarder {
  port: number;
  close(): Promise<void>;
}

/**
 * Listens on 127.0.0.1 and passes bytes to a unix socket inside the installation. Each connection begins with
 * a PROXY protocol version 1 header, without which the server behind would not know the client's address.
 */
export async function startForwarder(socketPath: string, ports: Iterable<number>): Promise<Forwarder> {
  const open = new Set<Socket>();
  const server = createServer({ pauseOnConnect: true, noDelay: true, allowHalfOpen: true }, (client) => {
    const upstream = connect({ path: socketPath, allowHalfOpen: true });
    for (const socket of [client, upstream]) {
      open.add(socket);
      socket.once('close', () => open.delete(socket));
    }
    client.on('error', () => upstream.destroy());
    upstream.on('error', () => client.destroy());
    client.once('close', () => upstream.destroy());
    // what it has sent by then may still be on its way to a slow reader
    upstream.once('close', () => {
      if (!client.writableEnded) client.destroy();
    });
    upstream.write(proxyHeader(client));
    client.pipe(upstream);
    upstream.pipe(client);
  });
  server.maxConnections = maximumConnections;
  const port = await listenOnFirst(server, ports);
  return {
    port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of open) socket.destroy();
      }),
  };
}

function proxyHeader(client: Socket): string {
  const { remoteAddress, remotePort, localAddress, localPort } = client;
  return `PROXY TCP4 ${remoteAddress} ${localAddress} ${remotePort} ${localPort}\r\n`;
}

async function listenOnFirst(server: Server, ports: Iterable<number>): Promise<number> {
  let lastError: unknown = new Error('no port to listen on');
  for (const port of ports) {
    try {
      return await listen(server, port);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
      lastError = new Error(`port ${port} on 127.0.0.1 is taken`);
    }
  }
  throw lastError;
}

function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      server.removeListener('error', reject);
      const address = server.address();
      if (address && typeof address === 'object') resolve(address.port);
      else reject(new Error('no port'));
    });
  });
}
