import { setTimeout as sleep } from 'node:timers/promises';
import {
  authoritiesAnswerSchema,
  type EnrolmentAnswer,
  type EnrolmentRequest,
  enrolmentAnswerSchema,
  enrolmentPaths,
  enrolmentServerName,
  type JoinToken,
  parseJoinToken,
} from '@moru/types';
import { type Credential, checkCredential, fingerprintOf } from './credential.ts';
import { exchange } from './exchange.ts';
import { EnrolmentFailure } from './failure.ts';
import { keyFingerprint } from './key.ts';
import { certificateRequest } from './request.ts';

/** What a person at the host is shown on the way. */
export type EnrolProgress =
  | { step: 'verified'; authority: string }
  | { step: 'waiting'; fingerprint: string; untilMs: number };

export interface EnrolOptions {
  /** address of the enrolment listener */
  server: string;
  token: string;
  /** the host's own key, PEM; the same key may ask again with the same token */
  key: string;
  agent: string;
  hostname: string;
  /** how long to wait for an administrator's approval */
  waitMs: number;
  progress?: (progress: EnrolProgress) => void;
  signal?: AbortSignal;
}

/** Certificates are valid from an hour before they are issued; beyond that no host could use one. */
const maximumSkewMs = 50 * 60_000;

/** After an answer was lost on the way, or while the console starts. */
const retryMs = { first: 500, most: 10_000 };

/**
 * Gets a host its first certificate. The server is verified by the authority that the token names before anything
 * but a question is sent; asking again with the same token and key is answered alike, so a lost answer costs nothing.
 * Throws EnrolmentFailure.
 */
export async function enrol(options: EnrolOptions): Promise<Credential> {
  const token = parseJoinToken(options.token);
  if (!token) throw new EnrolmentFailure('token', 'This is no join token, or not all of it.');
  const server = serverUrl(options.server);
  const deadline = performance.now() + options.waitMs;
  const authority = await verifiedAuthority(server, token, options.signal);
  options.progress?.({ step: 'verified', authority: token.authority });

  const body: EnrolmentRequest = {
    token: options.token.trim(),
    request: certificateRequest(options.key),
    agent: options.agent,
    hostname: options.hostname,
  };
  const tls = { ca: authority, servername: enrolmentServerName(token.authority) };
  let told = false;
  for (let failures = 0; ; ) {
    const answer = await ask(options, { server, path: enrolmentPaths.enrolments, body, tls }, failures);
    failures = answer === null ? failures + 1 : 0;
    if (answer?.state === 'issued') return credentialOf(answer, options.key, token);
    if (answer && !told) {
      requireOwnKey(answer.fingerprint, options.key);
      const untilMs = Math.max(0, deadline - performance.now());
      options.progress?.({ step: 'waiting', fingerprint: answer.fingerprint, untilMs });
      told = true;
    }
    const pauseMs = answer
      ? answer.againSeconds * 1_000
      : Math.min(retryMs.most, retryMs.first * 2 ** failures);
    if (performance.now() + pauseMs > deadline) throw notApproved(told);
    // spread, so that a fleet that boots together does not ask together
    await sleep(
      pauseMs * (0.75 + Math.random() / 2),
      undefined,
      options.signal && { signal: options.signal },
    );
  }
}

/** Null where the same may work a little later; the first try of all fails at once, for a person waits. */
async function ask(
  { waitMs, signal }: EnrolOptions,
  asked: Parameters<typeof exchange>[0],
  failures: number,
): Promise<EnrolmentAnswer | null> {
  try {
    return await exchange({ ...asked, ...(signal && { signal }) }, enrolmentAnswerSchema);
  } catch (error) {
    if (error instanceof EnrolmentFailure && error.passing && waitMs > 0 && failures < 20) return null;
    throw error;
  }
}

export function serverUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url?.protocol === 'https:' && url.pathname === '/' && url.username === '' && url.search === '') {
    return url;
  }
  throw new EnrolmentFailure('server', `${text} is no address of the form https://HOST:PORT.`);
}

/**
 * Asks the server, not verified yet, for its authorities, and takes the one whose SHA-256 the token carries: from
 * here on TLS itself verifies the server by it. Nobody else can make a certificate with that hash.
 */
async function verifiedAuthority(server: URL, token: JoinToken, signal?: AbortSignal): Promise<string> {
  const { authorities, time } = await exchange(
    {
      server,
      path: enrolmentPaths.authorities,
      tls: { rejectUnauthorized: false },
      ...(signal && { signal }),
    },
    authoritiesAnswerSchema,
  );
  const authority = authorities.find((each) => safeFingerprint(each) === token.authority);
  if (!authority) {
    throw new EnrolmentFailure(
      'wrongAuthority',
      `The server at ${server.origin} does not have the authority that the token names: it belongs to another installation, or somebody stands in between.`,
    );
  }
  const aheadMs = Date.now() - Date.parse(time);
  if (Math.abs(aheadMs) > maximumSkewMs) {
    const minutes = Math.round(Math.abs(aheadMs) / 60_000);
    throw new EnrolmentFailure(
      'clock',
      `This host's clock is ${minutes} minutes ${aheadMs > 0 ? 'ahead of' : 'behind'} the server's. Set it right first.`,
    );
  }
  return authority;
}

function safeFingerprint(certificate: string): string | null {
  try {
    return fingerprintOf(certificate);
  } catch {
    return null;
  }
}

function requireOwnKey(fingerprint: string, key: string): void {
  if (fingerprint === keyFingerprint(key)) return;
  throw new EnrolmentFailure(
    'badCertificate',
    'The server speaks of another key than the one that was sent.',
  );
}

function credentialOf(
  answer: Extract<EnrolmentAnswer, { state: 'issued' }>,
  key: string,
  token: JoinToken,
): Credential {
  const { certificate, authorities } = answer;
  if (!authorities.some((each) => safeFingerprint(each) === token.authority)) {
    throw new EnrolmentFailure(
      'badCertificate',
      'The authority that the token names is not among those sent.',
    );
  }
  const credential = { key, certificate, authorities };
  checkCredential(credential);
  return credential;
}

function notApproved(waited: boolean): EnrolmentFailure {
  return waited
    ? new EnrolmentFailure(
        'notApproved',
        'Nobody approved this host in time. Run the same command again once it is approved.',
      )
    : new EnrolmentFailure('unreachable', 'The server gave no usable answer in time.');
}
