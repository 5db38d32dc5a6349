import { isAbsolute, join } from 'node:path';
import { agentPort } from '@moru/types';
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
});

export interface Config {
  listen: { host: string; port: number };
  /** folder with ca.pem, agent.pem and agent.key */
  tlsFolder: string;
  /** where `save` writes the rules of IPv4; those of IPv6 stand beside it */
  rulesFile: string;
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
  };
}
