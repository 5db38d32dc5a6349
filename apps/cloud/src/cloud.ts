import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { HostDriver } from '@moru/hosts';
import type { Logger } from 'pino';
import { activeHosts, bootHosts } from './hosts/boot.ts';
import { createApp } from './http/app.ts';
import { Faults } from './http/faults.ts';
import { type Account, Accounts } from './iam/accounts.ts';
import { iamRoutes } from './iam/routes.ts';
import { Tokens } from './iam/tokens.ts';
import { Instances } from './instances/instances.ts';
import { bcsRoutes } from './instances/routes.ts';
import { NetworkInterfaces } from './network-interfaces/network-interfaces.ts';
import { PublicIpOperations } from './public-ips/operations.ts';
import { PublicIps } from './public-ips/public-ips.ts';
import { networkRoutes } from './public-ips/routes.ts';
import { Translation } from './public-ips/translation.ts';
import { seed } from './seed/seed.ts';
import { Store } from './store/store.ts';
import { Networks } from './vpc/networks.ts';
import { vpcRoutes } from './vpc/routes.ts';

export interface CloudOptions {
  host: string;
  /** 0 takes any free one */
  port: number;
  dataDirectory: string;
  accounts: Account[];
  /** null: instances without hosts behind them */
  driver: HostDriver | null;
  /** how long a Public IP stays `attaching` */
  attachMs: number;
  /** opens the route that makes the cloud fail */
  faults: boolean;
  log: Logger;
  /** the clock by which tokens end, in ms since the epoch */
  now?: () => number;
}

export interface Cloud {
  url: string;
  /** Lets requests under way end, for 3 s at most, and closes the store. Hosts go on as they are. */
  close(): Promise<void>;
}

const drainMs = 3000;

/** Starts the embedded cloud. Hosts start behind it: instances can be listed before their hosts answer. */
export async function startCloud(options: CloudOptions): Promise<Cloud> {
  const { log, driver } = options;
  const store = new Store(options.dataDirectory);
  seed(store, options.accounts);

  const accounts = new Accounts(options.accounts);
  const tokens = new Tokens(store, accounts, options.now ?? Date.now);
  const networkInterfaces = new NetworkInterfaces(store);
  const publicIps = new PublicIps(store);
  const translation = new Translation(driver, publicIps, log);
  const operations = new PublicIpOperations(store, publicIps, translation, options.attachMs);
  const app = createApp({
    log,
    tokens,
    iam: iamRoutes(accounts, tokens),
    services: [
      bcsRoutes(new Instances(store), networkInterfaces, operations),
      networkRoutes(publicIps, networkInterfaces, operations),
      vpcRoutes(new Networks(store), networkInterfaces),
    ],
    faults: options.faults ? new Faults() : null,
  });

  const server = createServer(
    // The idle time outlasts that of common clients, or a request could meet a connection just being closed.
    { headersTimeout: 10_000, requestTimeout: 30_000, keepAliveTimeout: 65_000 },
    app,
  );
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port, options.host, resolve);
  }).catch((error: unknown) => {
    store.close();
    throw error;
  });
  const url = urlOf(server.address() as AddressInfo);
  log.info({ url }, 'listening');

  const ending = new AbortController();
  if (driver) void bootHosts(activeHosts(store), driver, ending.signal, log);
  void translation.program();

  return {
    url,
    close: async () => {
      ending.abort();
      const drained = new Promise((resolve) => server.close(resolve));
      // A connection whose last request ends only now would else be kept alive for the next one.
      const sweep = setInterval(() => server.closeIdleConnections(), 50);
      const cut = setTimeout(() => server.closeAllConnections(), drainMs);
      await drained;
      clearInterval(sweep);
      clearTimeout(cut);
      translation.close();
      store.close();
    },
  };
}

function urlOf({ address, port, family }: AddressInfo): string {
  return `http://${family === 'IPv6' ? `[${address}]` : address}:${port}`;
}
