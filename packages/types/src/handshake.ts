/**
 * What an agent says of itself in the header `x-moru-agent` of every answer, so that each answer is a handshake:
 * `VERSION API BOOT-ID UPTIME`.
 */
export interface AgentStamp {
  /** of the program */
  version: string;
  /** newest version of the API that it speaks */
  api: number;
  bootId: string;
  /** of the host, in hundredths of a second: no change of a clock moves it */
  uptime: number;
}

export const agentStampHeader = 'x-moru-agent';

export function printAgentStamp({ version, api, bootId, uptime }: AgentStamp): string {
  return `${version} ${api} ${bootId} ${uptime}`;
}

export function parseAgentStamp(text: unknown): AgentStamp | null {
  const parts = /^(\S{1,64}) (\d{1,6}) ([0-9A-Za-z-]{1,64}) (\d{1,15})$/.exec(
    typeof text === 'string' ? text : '',
  );
  const [, version = '', api, bootId = '', uptime] = parts ?? [];
  return parts ? { version, api: Number(api), bootId, uptime: Number(uptime) } : null;
}

/** Header of the console's requests that change something: the version of the API that it speaks with this agent. */
export const agentApiHeader = 'x-moru-api';

/** Another one: `BOOT-ID UPTIME` of the host at which the request was sent, by the agent's own last stamp. */
export const agentSentHeader = 'x-moru-sent';

export const printSent = (bootId: string, uptime: number) => `${bootId} ${Math.round(uptime)}`;

export function parseSent(text: unknown): { bootId: string; uptime: number } | null {
  const parts = /^([0-9A-Za-z-]{1,64}) (\d{1,15})$/.exec(typeof text === 'string' ? text : '');
  return parts ? { bootId: parts[1] ?? '', uptime: Number(parts[2]) } : null;
}

/**
 * The version that two ends can change something by: each speaks its own and the one before it. Null where they are
 * further apart (reference/security.md F15).
 */
export function commonApi(one: number, other: number): number | null {
  return Math.abs(one - other) <= 1 ? Math.min(one, other) : null;
}
