import { collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { AgentChannel } from '../agent/channel.ts';

/** Seconds: a list takes some 20 ms, a write that was lost and is looked for some seconds. */
const buckets = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/** What is counted at the moment of asking. */
export interface Gauges {
  streams(): number | Promise<number>;
  sessions(): number | Promise<number>;
  operationsRunning(): number | Promise<number>;
}

export interface Metrics {
  /** `route`: the pattern, never the path, which holds ids; `status`: as HTTP has it */
  request(method: string, route: string, status: number, seconds: number): void;
  /** `host`: of the base URL; `status`: null without an answer */
  cloudCall(method: string, host: string, status: number | null, seconds: number): void;
  agentCall(method: string, status: number | null, seconds: number): void;
  observe(gauges: Gauges): void;
  /** Prometheus' text format */
  text(): Promise<string>;
  readonly contentType: string;
}

const outcome = (status: number | null) => (status === null ? 'none' : String(status));

/**
 * Counts of this replica. Labels take their values from the program alone, so that nobody can make them many, and they
 * name no instance, person or address.
 */
export function createMetrics(version: string): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const histogram = <Label extends string>(name: string, help: string, labelNames: readonly Label[]) =>
    new Histogram({ name, help, labelNames, buckets, registers: [registry] });
  const requests = histogram('moru_http_request_duration_seconds', 'Requests of browsers and programs.', [
    'method',
    'route',
    'status',
  ]);
  const cloud = histogram('moru_cloud_call_duration_seconds', 'Calls to the cloud, each attempt.', [
    'method',
    'host',
    'status',
  ]);
  const agents = histogram('moru_agent_call_duration_seconds', 'Calls to the agents of hosts.', [
    'method',
    'status',
  ]);
  new Gauge({
    name: 'moru_build_info',
    help: 'The release.',
    labelNames: ['version'],
    registers: [registry],
  }).set({ version }, 1);

  return {
    request: (method, route, status, seconds) =>
      requests.observe({ method, route, status: String(status) }, seconds),
    cloudCall: (method, host, status, seconds) =>
      cloud.observe({ method, host, status: outcome(status) }, seconds),
    agentCall: (method, status, seconds) => agents.observe({ method, status: outcome(status) }, seconds),
    observe(gauges) {
      const gauge = (name: string, help: string, read: () => number | Promise<number>) =>
        new Gauge({
          name,
          help,
          registers: [registry],
          async collect() {
            // a store that does not answer must not hide the rest
            this.set(await Promise.resolve(read()).catch(() => Number.NaN));
          },
        });
      gauge('moru_event_streams', 'Open event streams of this replica.', gauges.streams);
      gauge('moru_sessions', 'Sessions that are not over, of all replicas.', gauges.sessions);
      gauge('moru_operations_running', 'Operations under way, of all replicas.', gauges.operationsRunning);
    },
    text: () => registry.metrics(),
    contentType: registry.contentType,
  };
}

/** The same channel, whose calls are counted. */
export function measuredChannel<Channel extends Pick<AgentChannel, 'send'>>(
  channel: Channel,
  metrics: Metrics,
): Channel {
  return {
    ...channel,
    async send(target, request) {
      const began = performance.now();
      let status: number | null = null;
      try {
        const answer = await channel.send(target, request);
        ({ status } = answer);
        return answer;
      } finally {
        metrics.agentCall(request.method, status, (performance.now() - began) / 1000);
      }
    },
  };
}
