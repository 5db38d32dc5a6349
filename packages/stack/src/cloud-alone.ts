import type { Folders } from './folders.ts';
import { build, cloudProcess, type Foundation, openGround, type Report, superviseAll } from './foundation.ts';
import { freePort, portChoice } from './free-port.ts';
import { type Ground, here } from './hosts.ts';
import type { SeededAccount } from './identity.ts';
import type { StackOptions } from './options.ts';
import { cloudAnswers } from './readiness.ts';

/** The embedded cloud by itself, for clients of KakaoCloud's API, with hosts behind it. */
export interface CloudAlone {
  /** of all its services */
  url: string;
  accounts: SeededAccount[];
  hosts: Pick<Ground, 'kind' | 'reason'>;
  folders: Folders;
  close(): Promise<void>;
}

export const cloudPort = 9_090;
const readyMs = 30_000;

/** Starts the cloud on 127.0.0.1 of this machine and resolves once it answers. */
export async function startCloudAlone(options: StackOptions, report: Report): Promise<CloudAlone> {
  return await build(options, report, assemble);
}

async function assemble(foundation: Foundation): Promise<CloudAlone> {
  const { options, folders, run, identity, close } = foundation;
  const listen = `127.0.0.1:${await freePort(portChoice(options.port, cloudPort))}`;
  const url = `http://${listen}`;
  run.address(url);
  // No console, so no host enrols anywhere.
  const ground = await openGround(foundation, undefined);
  superviseAll(foundation, [cloudProcess(foundation, ground, listen, here)]);
  await cloudAnswers(url, readyMs);
  return { url, accounts: identity.accounts, hosts: ground, folders, close };
}
