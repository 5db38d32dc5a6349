import { z } from 'zod';
import { accessReportSchema } from './access.ts';
import { conflictSchema, routeConflictSchema } from './change-check.ts';
import { firewallStateSchema, iptablesVersionSchema } from './firewall.ts';
import { problemSchema } from './problem.ts';
import { trialSchema } from './trial.ts';

/** Version of the agent's HTTP API: the first path segment (`/v1/…`). */
export const agentApiVersion = 1;

/** Port on which an agent listens on its host's NICs. */
export const agentPort = 7443;

/** How long the BFF waits for an agent to answer a read; an agent gives up on whatever it waits for before that. */
export const agentReadMs = 5_000;

/** Subject common name of the only client certificate that agents answer. */
export const agentClientName = 'moru-bff';

/**
 * Paths of the agent (HTTPS, mutual TLS). The server's certificate carries the instance id as DNS name.
 * Failures are problem documents; bodies are at most 64 KiB in (16 MiB for those of `trialPaths`), 16 MiB out.
 */
export const agentPaths = {
  version: '/v1/version',
  firewall: '/v1/firewall',
  output: '/v1/firewall/output',
  changes: '/v1/firewall/changes',
  save: '/v1/firewall/save',
  zero: '/v1/firewall/zero',
  revision: '/v1/firewall/revision',
  /** asks the agent to check in at the enrolment listener now */
  checkIn: '/v1/check-in',
} as const;

/** What of a family's state takes reading all of its rules to tell, without the rules. */
export const firewallRevisionSchema = firewallStateSchema.pick({ revision: true, saved: true });
export type FirewallRevision = z.infer<typeof firewallRevisionSchema>;

export const agentVersionSchema = z.object({
  agent: z.string(),
  api: z.int(),
  hostname: z.string(),
  bootId: z.string(),
  /** simulated hosts say so, and the console shows it */
  simulated: z.boolean(),
  iptables: iptablesVersionSchema,
  /** everything that it can be asked: `METHOD PATH`, with `:name` for a segment */
  verbs: z.array(z.string()),
});
export type AgentVersion = z.infer<typeof agentVersionSchema>;

/**
 * A failure as an agent answers it: `revision.stale` brings the state as it is now, of a trial also the three sides
 * of the conflict, and so does `routing.stale`; `trial.pending` and `trial.over` bring the trial that they speak of;
 * `trial.pathLost` and `trial.pathUnknown` what would become of the ways that must survive.
 */
export const agentProblemSchema = problemSchema.extend({
  state: firewallStateSchema.optional(),
  conflict: conflictSchema.optional(),
  routeConflict: routeConflictSchema.optional(),
  access: accessReportSchema.optional(),
  trial: trialSchema.optional(),
});
export type AgentProblem = z.infer<typeof agentProblemSchema>;
