import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { type Credential, enrol, type Keeper, keepEnrolled, makeKey } from '@moru/enrolment';
import { agentApiVersion, type JoinFile } from '@moru/types';
import type { HostSpec } from '../driver.ts';
import { isRebuilt, type JoinHost } from '../first-boot.ts';

/** What a simulated host keeps of its enrolment. */
interface Enrolled {
  server: string;
  credential: Credential;
}

/** A simulated host's standing with the console: the same protocol as an agent's, in this process. */
export interface SimulatedEnrolment {
  /** what it shows; null while it is not enrolled */
  credential(): Credential | null;
  nudge(): void;
  /** enrols by a token, as `moru-agent enrol` on the host does */
  enrol(file: JoinFile): Promise<void>;
  /** power off */
  stop(): void;
}

const agentVersion = 'simulated';
const waitMs = 24 * 3_600_000;
const retryMs = { first: 500, most: 10_000 };

/** `path`: file on the host's disk that holds its enrolment. */
export function simulatedEnrolment(
  spec: HostSpec,
  { path, disk, join }: { path: string; disk: string; join: JoinHost | undefined },
): SimulatedEnrolment {
  const off = new AbortController();
  let enrolled = read(path);
  let keeper: Keeper | null = null;

  const keep = ({ server, credential }: Enrolled) => {
    void keeper?.stop();
    const save = async (next: Credential) => {
      if (off.signal.aborted) throw new Error('the host is off');
      enrolled = { server, credential: next };
      write(path, enrolled);
    };
    const report = () => {};
    keeper = keepEnrolled({ server, credential, agent: agentVersion, api: agentApiVersion, save, report });
  };

  const enrolBy = async (file: JoinFile) => {
    const about = { key: await makeKey(), agent: agentVersion, hostname: spec.hostname };
    const credential = await enrol({ ...file, ...about, waitMs, signal: off.signal });
    enrolled = { server: file.server, credential };
    write(path, enrolled);
    keep(enrolled);
  };

  const firstBoot = async (ask: JoinHost) => {
    if (await isRebuilt(disk)) return;
    for (let failures = 0; !off.signal.aborted; failures += 1) {
      try {
        return await enrolBy(await ask(spec));
      } catch {
        const pauseMs = Math.min(retryMs.most, retryMs.first * 2 ** failures);
        await delay(pauseMs, undefined, { ref: false, signal: off.signal }).catch(() => {});
      }
    }
  };

  if (enrolled) keep(enrolled);
  else if (join) void firstBoot(join);

  return {
    credential: () => enrolled?.credential ?? null,
    nudge: () => keeper?.nudge(),
    enrol: enrolBy,
    stop() {
      off.abort();
      void keeper?.stop();
    },
  };
}

function read(path: string): Enrolled | null {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as Enrolled;
  } catch {
    return null; // never written, or cut short by a crash: then it enrols anew
  }
}

function write(path: string, enrolled: Enrolled): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(`${path}.new`, JSON.stringify(enrolled), { mode: 0o600 });
  renameSync(`${path}.new`, path);
}

export const forgetEnrolment = (path: string) => rmSync(path, { force: true });
