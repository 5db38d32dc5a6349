import type { HostDriver, HostName, HostSpec, PublicIpMapping } from '@moru/hosts';

/** Hosts and fabric in memory: keeps what was asked for, and fails or waits when told to. */
export class RecordingDriver implements HostDriver {
  readonly started: HostSpec[] = [];
  /** what was done to which host, in order: `stop ID` */
  readonly steps: string[] = [];
  /** the specs that rebuilds and plugs had, newest last */
  readonly specs: HostSpec[] = [];
  /** the set that was taken last */
  publicIps: PublicIpMapping[] = [];
  /** how many of the next calls fail */
  failures = 0;
  /** calls of setPublicIps wait for this */
  gate: Promise<void> = Promise.resolve();
  /** steps of hosts wait for this */
  hostGate: Promise<void> = Promise.resolve();
  attempts = 0;
  consoleText = '';

  async start(spec: HostSpec): Promise<void> {
    await this.#step('start', spec);
    this.started.push(spec);
  }

  async stop(id: string): Promise<void> {
    await this.#step('stop', { id });
  }

  async reboot(spec: HostSpec): Promise<void> {
    await this.#step('reboot', spec);
  }

  async rebuild(spec: HostSpec): Promise<void> {
    await this.#step('rebuild', spec);
    this.specs.push(spec);
  }

  async plug(spec: HostSpec): Promise<void> {
    await this.#step('plug', spec);
    this.specs.push(spec);
  }

  async remove(host: HostName): Promise<void> {
    await this.#step('remove', host);
  }

  async console(): Promise<string> {
    return this.consoleText;
  }

  async setPublicIps(mappings: PublicIpMapping[]): Promise<void> {
    this.attempts += 1;
    await this.gate;
    this.#failIfTold();
    this.publicIps = mappings;
  }

  async #step(name: string, { id }: { id: string }): Promise<void> {
    await this.hostGate;
    this.#failIfTold();
    this.steps.push(`${name} ${id}`);
  }

  #failIfTold(): void {
    if (this.failures === 0) return;
    this.failures -= 1;
    throw new Error('told to fail');
  }
}
