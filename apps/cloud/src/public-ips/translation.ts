import { setTimeout as delay } from 'node:timers/promises';
import type { HostDriver } from '@moru/hosts';
import type { Logger } from 'pino';
import { backOffMs } from '../hosts/back-off.ts';
import type { PublicIps } from './public-ips.ts';

/** A detaching client waits this long for the fabric at most; its own patience is rarely more than 10 s. */
const settleMs = 5000;

/**
 * Keeps the fabric's one-to-one translation equal to the store: the whole set after every change and at start,
 * one call at a time, again with growing pauses after a failure. An attachment counts as done (`in_use`) only
 * once a set that holds it was taken.
 */
export class Translation {
  readonly #driver: HostDriver | null;
  readonly #publicIps: PublicIps;
  readonly #log: Logger;
  #last: Promise<void> = Promise.resolve();
  #next: Promise<void> | null = null;
  #timer: NodeJS.Timeout | undefined;
  #failures = 0;
  #closed = false;

  /** Without a driver there is no fabric, and attachments take their time only. */
  constructor(driver: HostDriver | null, publicIps: PublicIps, log: Logger) {
    this.#driver = driver;
    this.#publicIps = publicIps;
    this.#log = log;
  }

  /** Programs the set as it will be when the attempt begins; resolves after that attempt, failed or not. */
  program(): Promise<void> {
    // Everybody who asks while an attempt runs shares the one after it.
    this.#next ??= this.#last.then(() => {
      this.#next = null;
      this.#last = this.#attempt();
      return this.#last;
    });
    return this.#next;
  }

  /** An attachment was recorded: completes it when its time has come. */
  expect(): void {
    if (this.#failures === 0) this.#arm();
  }

  /** Programs the set and waits for it, but not for ever. */
  async settled(): Promise<void> {
    const patience = new AbortController();
    const attempt = this.program();
    await Promise.race([attempt, delay(settleMs, undefined, { signal: patience.signal }).catch(() => {})]);
    patience.abort();
  }

  /** No attempt begins after this; one that is under way ends by itself. */
  close(): void {
    this.#closed = true;
    clearTimeout(this.#timer);
  }

  async #attempt(): Promise<void> {
    if (this.#closed) return;
    const now = Date.now();
    try {
      const due = this.#publicIps.due(now);
      const reached = due.filter(({ reachable }) => reachable === 1);
      await this.#driver?.setPublicIps(reached.map(({ publicIp, privateIp }) => ({ publicIp, privateIp })));
      this.#publicIps.complete(due, now);
      this.#failures = 0;
    } catch (error) {
      this.#failures += 1;
      this.#log.warn({ err: error, failures: this.#failures }, 'the fabric did not take the Public IPs');
    }
    this.#arm();
  }

  #arm(): void {
    clearTimeout(this.#timer);
    if (this.#closed) return;
    const due = this.#publicIps.nextDue();
    if (this.#failures === 0 && due === null) return;
    const pause = this.#failures > 0 ? backOffMs(this.#failures) : Math.max(0, (due ?? 0) - Date.now());
    this.#timer = setTimeout(() => void this.program(), pause);
  }
}
