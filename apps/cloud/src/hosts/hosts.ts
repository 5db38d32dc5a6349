import { setTimeout as delay } from 'node:timers/promises';
import { type HostDriver, type HostName, serialised } from '@moru/hosts';
import type { Logger } from 'pino';
import type { HostStep } from '../instances/lifecycle.ts';
import type { Store } from '../store/store.ts';
import { backOffMs } from './back-off.ts';
import { hostSpec, isRunning, runningInstances } from './host-specs.ts';

/** Hosts that boot at the same time; more only take the processors from each other. */
const atOnce = 4;

/**
 * The hosts behind the instances: does to each what is done to its instance, one thing after the other, and keeps those
 * running that are to run. Without a driver nothing stands behind an instance, and every step is over at once.
 */
export class Hosts {
  readonly #driver: HostDriver | null;
  readonly #store: Store;
  readonly #log: Logger;
  readonly #inOrder = serialised();
  readonly #ending = new AbortController();
  #booting = 0;
  readonly #queue: (() => void)[] = [];

  constructor(driver: HostDriver | null, store: Store, log: Logger) {
    this.#driver = driver;
    this.#store = store;
    this.#log = log;
  }

  /** Starts what is to run, each tried again until it runs or is no longer to; resolves when that is settled. */
  async bootAll(): Promise<void> {
    if (this.#driver === null) return;
    const waiting = runningInstances(this.#store);
    const worker = async () => {
      for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
        const id = next;
        await this.#keepTrying(id, () => this.#step('start', id));
      }
    };
    await Promise.all(Array.from({ length: atOnce }, worker));
  }

  /** Rejects with the driver's reason. Steps of one host are taken in the order in which they were asked for. */
  async carryOut(step: HostStep, id: string): Promise<void> {
    if (this.#driver === null) return;
    await this.#inOrder(id, () => this.#step(step, id));
  }

  /** Gives a running host the interfaces that it does not have yet, soon; tried again until it has them. */
  plug(id: string): void {
    void this.#keepTrying(id, async (driver) => {
      const spec = hostSpec(this.#store, id);
      if (spec) await driver.plug(spec);
    });
  }

  /** The host's console since its last boot; empty without a host. */
  async console(host: HostName): Promise<string> {
    return (await this.#driver?.console(host)) ?? '';
  }

  /** Nothing begins after this; what is under way ends by itself. */
  close(): void {
    this.#ending.abort();
  }

  async #step(step: HostStep, id: string): Promise<void> {
    const driver = this.#driver;
    // The store is closed by then.
    if (driver === null || this.#ending.signal.aborted) return;
    const spec = hostSpec(this.#store, id);
    // An instance that is gone has no host: there is nothing left to do.
    if (spec === undefined) return;
    switch (step) {
      case 'start':
        return await this.#whenThereIsRoom(() => driver.start(spec));
      case 'reboot':
        return await this.#whenThereIsRoom(() => driver.reboot(spec));
      case 'rebuild':
        return await this.#whenThereIsRoom(() => driver.rebuild(spec));
      case 'stop':
        return await driver.stop(id);
      case 'remove':
        return await driver.remove(spec);
    }
  }

  async #keepTrying(id: string, act: (driver: HostDriver) => Promise<void>): Promise<void> {
    const { signal } = this.#ending;
    for (let failures = 0; this.#driver !== null && !signal.aborted; ) {
      const driver = this.#driver;
      try {
        await this.#inOrder(id, async () => {
          // Meanwhile somebody may have stopped it, or begun something that ends with a boot of its own.
          if (!signal.aborted && isRunning(this.#store, id)) await act(driver);
        });
        return;
      } catch (error) {
        failures += 1;
        this.#log.warn({ err: error, id, failures }, 'a host did not do its part');
        await delay(backOffMs(failures), undefined, { signal }).catch(() => {});
      }
    }
  }

  async #whenThereIsRoom(boot: () => Promise<void>): Promise<void> {
    if (this.#booting >= atOnce) await new Promise<void>((resolve) => this.#queue.push(resolve));
    else this.#booting += 1;
    try {
      await boot();
    } finally {
      const next = this.#queue.shift();
      if (next) next();
      else this.#booting -= 1;
    }
  }
}
