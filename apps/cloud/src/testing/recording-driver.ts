import type { HostDriver, HostSpec, PublicIpMapping } from '@moru/hosts';

/** Hosts and fabric in memory: keeps what was asked for, and fails or waits when told to. */
export class RecordingDriver implements HostDriver {
  readonly kind = 'simulated';
  readonly started: HostSpec[] = [];
  /** the set that was taken last */
  publicIps: PublicIpMapping[] = [];
  /** how many of the next calls fail */
  failures = 0;
  /** calls of setPublicIps wait for this */
  gate: Promise<void> = Promise.resolve();
  attempts = 0;

  async start(spec: HostSpec): Promise<void> {
    this.#failIfTold();
    this.started.push(spec);
  }

  async setPublicIps(mappings: PublicIpMapping[]): Promise<void> {
    this.attempts += 1;
    await this.gate;
    this.#failIfTold();
    this.publicIps = mappings;
  }

  async stop(): Promise<void> {
    throw new Error('nothing stops a host yet');
  }

  async reboot(): Promise<void> {
    throw new Error('nothing reboots a host yet');
  }

  async rebuild(): Promise<void> {
    throw new Error('nothing rebuilds a host yet');
  }

  #failIfTold(): void {
    if (this.failures === 0) return;
    this.failures -= 1;
    throw new Error('told to fail');
  }
}
