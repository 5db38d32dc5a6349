import { isAbsolute, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { agentApiVersion, agentPort, trialWait } from '@moru/types';
import { z } from 'zod';

const absolutePath = z.string().refine(isAbsolute, 'must be an absolute path');

/** `host:port`, with an IPv6 host in brackets. */
const listenSchema = z.string().transform((text, context) => {
  const parts = /^(?:\[([^\]]+)\]|([^:]+)):(\d{1,5})$/.exec(text);
  const port = Number(parts?.[3]);
  if (!parts || port > 65_535) {
    context.addIssue({ code: 'custom', message: 'must be host:port' });
    return z.NEVER;
  }
  return { host: parts[1] ?? parts[2] ?? '', port };
});

const environmentSchema = z.object({
  MORU_AGENT_LISTEN: listenSchema.prefault(`0.0.0.0:${agentPort}`),
  MORU_AGENT_STATE: absolutePath.default('/var/lib/moru'),
  MORU_AGENT_RULES_FILE: absolutePath.default('/etc/iptables.rules'),
  MORU_AGENT_MIN_WAIT_SECONDS: z.coerce.number().int().min(1).max(trialWait.min).default(trialWait.min),
  MORU_AGENT_GUARD: absolutePath.default(fileURLToPath(new URL('../guard/guard.sh', import.meta.url))),
  MORU_AGENT_GUARD_STARTED_BY: z.enum(['agent', 'systemd']).default('agent'),
  MORU_AGENT_HEARTBEAT: absolutePath.optional(),
  MORU_AGENT_MAX_AGE_SECONDS: z.coerce.number().min(0.1).max(3_600).default(120),
  MORU_AGENT_BOOT_ID_FILE: absolutePath.default('/proc/sys/kernel/random/boot_id'),
});

export interface Config {
  listen: { host: string; port: number };
  /** what the host holds of its enrolment: the credential (agent.pem) and where it came from; 0700 */
  tlsFolder: string;
  /** where `save` writes the rules of IPv4; those of IPv6 stand beside it */
  rulesFile: string;
  /** what must survive a reboot: trials, generations; 0700 */
  stateFolder: string;
  /** the shortest wait that a trial may ask for, in seconds; only the host itself can set it lower */
  minWaitSeconds: number;
  /** the shell script that puts the old rules back */
  guardScript: string;
  /** `systemd`: a static unit starts it as soon as a trial is armed, outside of the agent's process tree */
  guardStartedBy: 'agent' | 'systemd';
  /** file that the agent writes to as long as it does its work; null where nobody looks */
  heartbeatFile: string | null;
  /** a request that changes something is refused when it arrives later than this after it was sent, in seconds */
  maxAgeSeconds: number;
  /** version of the API: another than this program's only where tests play an older or newer one */
  api: number;
  /** changes at every boot */
  bootIdFile: string;
}

/** Reads the environment; throws one Error that names every problem, a line each. */
export function readConfig(environment: NodeJS.ProcessEnv): Config {
  const parsed = environmentSchema.safeParse(environment);
  if (!parsed.success) {
    throw new Error(
      parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('\n'),
    );
  }
  return {
    listen: parsed.data.MORU_AGENT_LISTEN,
    tlsFolder: join(parsed.data.MORU_AGENT_STATE, 'tls'),
    rulesFile: parsed.data.MORU_AGENT_RULES_FILE,
    stateFolder: parsed.data.MORU_AGENT_STATE,
    minWaitSeconds: parsed.data.MORU_AGENT_MIN_WAIT_SECONDS,
    guardScript: parsed.data.MORU_AGENT_GUARD,
    guardStartedBy: parsed.data.MORU_AGENT_GUARD_STARTED_BY,
    heartbeatFile: parsed.data.MORU_AGENT_HEARTBEAT ?? null,
    maxAgeSeconds: parsed.data.MORU_AGENT_MAX_AGE_SECONDS,
    api: playedApi(environment),
    bootIdFile: parsed.data.MORU_AGENT_BOOT_ID_FILE,
  };
}

function playedApi({ MORU_AGENT_TESTING, MORU_AGENT_API }: NodeJS.ProcessEnv): number {
  return MORU_AGENT_TESTING === '1' && MORU_AGENT_API ? Number(MORU_AGENT_API) : agentApiVersion;
}
