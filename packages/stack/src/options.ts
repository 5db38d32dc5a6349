import { resolve } from 'node:path';
import { parseArgs } from 'node:util';

export interface StackOptions {
  /** installations of different names live side by side */
  name: string;
  /** port on 127.0.0.1; 0 takes a free one, undefined the first free one of those that are usual */
  port: number | undefined;
  /** begin anew: the installation's data is removed first */
  fresh: boolean;
  hosts: 'auto' | 'namespaces' | 'machines' | 'simulated';
  /** folder that holds a folder per installation */
  root: string;
  /** opens the embedded cloud's fault route, for tests */
  faults: boolean;
  /** how long the cloud takes to attach a Public IP */
  attachMs: number;
  /** how long instances take to change, as the cloud reads it: `all=50` */
  durations?: string;
  /** servers beside the planned ones; simulated hosts only */
  instances?: number;
}

export const usage = (
  command: 'npm start' | 'npm run cloud',
  name: string,
  firstPort: number,
) => `${command} -- [options]
  --name NAME        installation to start (default: ${name})
  --port PORT        port on 127.0.0.1 (default: the first free one from ${firstPort})
  --fresh            begin anew: data of earlier runs is removed
  --hosts KIND       auto, namespaces, machines or simulated (default: auto)
  --instances N      as many further servers, up to 10000, with simulated hosts (default: 0)
  --data FOLDER      where installations keep data and logs (default: .moru)
  --faults           open the cloud's fault injection (tests and demonstrations)`;

const hostKinds = ['auto', 'namespaces', 'machines', 'simulated'] as const;

/** Reads the command line; throws an Error whose message is one line for a person. */
export function readOptions(argv: string[], root: string, name: string): StackOptions {
  const { values } = parseArgs({
    args: argv,
    options: {
      name: { type: 'string', default: name },
      port: { type: 'string' },
      fresh: { type: 'boolean', default: false },
      hosts: { type: 'string', default: 'auto' },
      faults: { type: 'boolean', default: false },
      instances: { type: 'string', default: '0' },
      data: { type: 'string', default: root },
    },
  });
  if (!/^[a-z0-9][a-z0-9-]{0,30}$/.test(values.name)) {
    throw new Error('--name takes small letters, digits and hyphens, at most 31');
  }
  const port = values.port === undefined ? undefined : Number(values.port);
  if (port !== undefined && !(Number.isInteger(port) && port >= 0 && port <= 65_535)) {
    throw new Error('--port takes a number from 0 to 65535');
  }
  const hosts = hostKinds.find((kind) => kind === values.hosts);
  if (!hosts) throw new Error(`--hosts takes one of ${hostKinds.join(', ')}`);
  const instances = Number(values.instances);
  if (!(Number.isInteger(instances) && instances >= 0 && instances <= 10_000)) {
    throw new Error('--instances takes a number from 0 to 10000');
  }
  return {
    name: values.name,
    port,
    fresh: values.fresh,
    hosts,
    root: resolve(values.data),
    faults: values.faults,
    attachMs: 1_500,
    instances,
  };
}
