import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { HostDriver } from '@moru/hosts';
import type { Logger } from 'pino';
import { assemble } from './assemble.ts';
import { Hosts } from './hosts/hosts.ts';
import { createApp } from './http/app.ts';
import { Faults } from './http/faults.ts';
import { type Account, Accounts } from './iam/accounts.ts';
import { iamRoutes } from './iam/routes.ts';
import { Tokens } from './iam/tokens.ts';
import type { Durations } from './instances/lifecycle.ts';
import { PublicIps } from './public-ips/public-ips.ts';
import { Translation } from './public-ips/translation.ts';
import { seed } from './seed/seed.ts';
import { Store } from './store/store.ts';

export interface CloudOptions {
  host: string;
  /** 0 takes any free one */
  port: number;
  dataDirectory: string;
  accounts: Account[];
  /** null: instances without hosts behind them */
  driver: HostDriver | null;
  /** how long a Public IP stays `attaching`, in ms */
  attachMs: number;
  durations: Durations;
  /** how many the cloud has, those that are taken included */
  servers: number;
  /** how many servers the project has beside the planned ones */
  fleet: number;
  /** has each answer looked at by its schema; costs more than making it */
  checkAnswers: boolean;
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
  const { log, driver, dataDirectory } = options;
  const store = new Store(dataDirectory);
  seed(store, { accounts: options.accounts, keyFolder: join(dataDirectory, 'keys'), fleet: options.fleet });

  const accounts = new Accounts(options.accounts);
  const tokens = new Tokens(store, accounts, options.now ?? Date.now);
  const hosts = new Hosts(driver, store, log);
  const publicIps = new PublicIps(store);
  const translation = new Translation(driver, publicIps, log);
  const { services, tasks } = assemble({ ...options, store, hosts, publicIps, translation });
  const app = createApp({
    log,
    tokens,
    iam: iamRoutes(accounts, tokens),
    services,
    faults: options.faults ? new Faults() : null,
    checkAnswers: options.checkAnswers,
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

  void hosts.bootAll();
  tasks.resume();
  void translation.program();

  return {
    url,
    close: async () => {
      tasks.close();
      hosts.close();
      await drain(server);
      translation.close();
      store.close();
    },
  };
}

async function drain(server: Server): Promise<void> {
  const drained = new Promise((resolve) => server.close(resolve));
  // A connection whose last request ends only now would else be kept alive for the next one.
  const sweep = setInterval(() => server.closeIdleConnections(), 50);
  const cut = setTimeout(() => server.closeAllConnections(), drainMs);
  await drained;
  clearInterval(sweep);
  clearTimeout(cut);
}

function urlOf({ address, port, family }: AddressInfo): string {
  return `http://${family === 'IPv6' ? `[${address}]` : address}:${port}`;
}
