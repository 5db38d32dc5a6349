import { setTimeout as delay } from 'node:timers/promises';
import type { HostDriver, HostNic, HostSpec } from '@moru/hosts';
import type { Logger } from 'pino';
import type { Store } from '../store/store.ts';
import { backOffMs } from './back-off.ts';

/** Hosts that start at the same time; more only take the processors from each other. */
const atOnce = 4;

interface HostRow {
  id: string;
  hostname: string;
  web_server: number;
  backend: HostSpec['backend'];
}

interface NicRow extends Omit<HostNic, 'prefix' | 'device'> {
  cidr: string;
}

/** What stands behind each instance that runs. */
export function activeHosts(store: Store): HostSpec[] {
  const rows = store.all<HostRow>(
    `SELECT i.id, i.hostname, i.web_server, m.backend FROM instances i JOIN images m ON m.id = i.image_id
     WHERE i.status = 'active' ORDER BY i.created_at, i.id`,
  );
  return rows.map((row) => ({
    id: row.id,
    hostname: row.hostname,
    backend: row.backend,
    nics: nicsOf(store, row.id),
    webServer: row.web_server === 1,
  }));
}

function nicsOf(store: Store, instanceId: string): HostNic[] {
  const rows = store.all<NicRow>(
    `SELECT n.id, n.mac_address AS mac, n.private_ip AS address, s.cidr_block AS cidr, s.gateway, s.network
     FROM network_interfaces n JOIN subnets s ON s.id = n.subnet_id
     WHERE n.instance_id = ? ORDER BY n.position`,
    instanceId,
  );
  return rows.map(({ cidr, ...nic }, index) => ({
    ...nic,
    device: `eth${index}`,
    prefix: Number(cidr.split('/')[1]),
  }));
}

/** Starts the hosts, each tried again until it runs; resolves when all do or the signal says to stop. */
export async function bootHosts(
  hosts: HostSpec[],
  driver: HostDriver,
  signal: AbortSignal,
  log: Logger,
): Promise<void> {
  const waiting = [...hosts];
  const worker = async () => {
    for (let host = waiting.shift(); host !== undefined; host = waiting.shift()) {
      await boot(host, driver, signal, log);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
}

async function boot(host: HostSpec, driver: HostDriver, signal: AbortSignal, log: Logger): Promise<void> {
  for (let failures = 0; !signal.aborted; ) {
    try {
      await driver.start(host);
      log.info({ host: host.hostname, id: host.id }, 'host runs');
      return;
    } catch (error) {
      failures += 1;
      log.warn({ err: error, host: host.hostname, failures }, 'a host did not start');
      await delay(backOffMs(failures), undefined, { signal }).catch(() => {});
    }
  }
}
