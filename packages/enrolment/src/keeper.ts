import { X509Certificate } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ConnectionOptions, PeerCertificate } from 'node:tls';
import {
  checkInAnswerSchema,
  enrolmentPaths,
  enrolmentServerName,
  type ProblemCode,
  renewalAnswerSchema,
} from '@moru/types';
import { type Credential, checkCredential, fingerprintOf } from './credential.ts';
import { serverUrl } from './enrol.ts';
import { exchange } from './exchange.ts';
import { EnrolmentFailure } from './failure.ts';
import { makeKey } from './key.ts';
import { certificateRequest } from './request.ts';

export type KeeperReport =
  | { event: 'checkedIn'; authorities: number; againMs: number }
  /** other authorities are believed from now on, or the certificate is a new one */
  | { event: 'changed'; renewed: boolean; expiresAt: string }
  | { event: 'failed'; reason: string; againMs: number }
  /** only a new enrolment on the host helps */
  | { event: 'ended'; reason: string };

export interface KeeperOptions {
  /** address of the enrolment listener */
  server: string;
  credential: Credential;
  agent: string;
  api: number;
  /** puts a credential in place for good; what is used is the old one until this resolves */
  save(credential: Credential): Promise<void>;
  report(report: KeeperReport): void;
}

/** Keeps a host enrolled for as long as it runs. */
export interface Keeper {
  /** checks in now; the console asks for it when something has changed */
  nudge(): void;
  /** resolves when nothing is under way any more */
  stop(): Promise<void>;
}

/** First and longest pause after a failure. The longest is short enough for a last week of life to hold many tries. */
const retryMs = { first: 2_000, most: 30 * 60_000 };

/** After these the certificate is worth nothing any more, however often one asks. */
const endings = new Set<ProblemCode>(['certificate.revoked', 'certificate.unknown', 'certificate.expired']);

/**
 * Checks in from time to time: learns which authorities to believe, and renews the certificate, with a new key, when
 * the server says that it is time. Pauses are spread by a fifth, so that a fleet does not ask all at once.
 */
export function keepEnrolled(options: KeeperOptions): Keeper {
  const { report, save } = options;
  const server = serverUrl(options.server);
  const stopping = new AbortController();
  let credential = options.credential;
  let nudged = false;
  let pause = new AbortController();

  const post = <T>(path: string, body: unknown, schema: Parameters<typeof exchange<T>>[1]) =>
    exchange<T>({ server, path, body, tls: tlsOf(credential), signal: stopping.signal }, schema);

  const checkIn = () => {
    const authorities = credential.authorities.map(fingerprintOf);
    const body = { agent: options.agent, api: options.api, authorities };
    return post(enrolmentPaths.checkIn, body, checkInAnswerSchema);
  };

  const take = async (next: Credential, renewed: boolean) => {
    checkCredential(next);
    await save(next);
    credential = next;
    const expiresAt = new Date(new X509Certificate(next.certificate).validTo).toISOString();
    report({ event: 'changed', renewed, expiresAt });
  };

  /** Seconds until the next one. What it learnt is confirmed by another check-in, so that the console knows. */
  const visit = async (): Promise<number> => {
    let answer = await checkIn();
    if (!sameAuthorities(answer.authorities, credential.authorities)) {
      await take({ ...credential, authorities: answer.authorities }, false);
      answer = await checkIn();
    }
    if (answer.renew) {
      const key = await makeKey();
      const body = { request: certificateRequest(key) };
      const renewal = await post(enrolmentPaths.renewals, body, renewalAnswerSchema);
      await take({ key, ...renewal }, true);
      answer = await checkIn();
    }
    return answer.againSeconds;
  };

  const run = async () => {
    for (let failures = 0; !stopping.signal.aborted; ) {
      let pauseMs: number;
      nudged = false;
      try {
        pauseMs = (await visit()) * 1_000 * (0.8 + Math.random() * 0.4);
        failures = 0;
        report({ event: 'checkedIn', authorities: credential.authorities.length, againMs: pauseMs });
      } catch (error) {
        if (stopping.signal.aborted) return;
        const problem = error instanceof EnrolmentFailure ? error.problem : null;
        // the server's word, not this host's clock: that may be wrong, and be set right
        if (problem && endings.has(problem.code)) return report({ event: 'ended', reason: problem.title });
        pauseMs = Math.min(retryMs.most, retryMs.first * 2 ** failures) * (0.5 + Math.random() / 2);
        failures += 1;
        const reason = error instanceof Error ? error.message : String(error);
        report({ event: 'failed', reason, againMs: pauseMs });
      }
      // what changed while the visit was under way may not have been in its answers
      if (nudged) continue;
      pause = new AbortController();
      await sleep(pauseMs, undefined, { signal: pause.signal, ref: false }).catch(() => {});
    }
  };
  const running = run();

  return {
    nudge() {
      nudged = true;
      pause.abort();
    },
    async stop() {
      stopping.abort();
      pause.abort();
      await running;
    },
  };
}

/** The server proves itself by any authority that is believed; which one, it is told by the name that is asked for. */
function tlsOf({ key, certificate, authorities }: Credential): ConnectionOptions {
  const leaf = new X509Certificate(certificate);
  const names = authorities.map((each) => enrolmentServerName(fingerprintOf(each)));
  const own = authorities.findIndex((each) => leaf.verify(new X509Certificate(each).publicKey));
  return {
    ca: authorities,
    cert: certificate,
    key,
    servername: names[Math.max(0, own)] ?? '',
    checkServerIdentity(_hostname: string, { subjectaltname = '' }: PeerCertificate) {
      if (subjectaltname.split(', ').some((name) => names.includes(name.replace(/^DNS:/, ''))))
        return undefined;
      return Object.assign(new Error('no enrolment server'), { code: 'ERR_TLS_CERT_ALTNAME_INVALID' });
    },
  };
}

function sameAuthorities(some: string[], others: string[]): boolean {
  const prints = (list: string[]) => list.map(fingerprintOf).sort().join();
  return prints(some) === prints(others);
}
