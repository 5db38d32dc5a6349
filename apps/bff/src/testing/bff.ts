import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadConfig } from '../config.ts';
import { createLogger } from '../log.ts';
import { type RunningBff, startBff } from '../start.ts';
import { Browser, publicUrl } from './browser.ts';
import type { EmbeddedCloud } from './embedded-cloud.ts';

export interface TestBff extends RunningBff {
  /** its data, removed at the end */
  folder: string;
  /** everything that it logged, as lines */
  logged: string[];
  /** a browser that has signed in as the seeded account, or one that has not */
  browser(seededAccount?: string): Promise<Browser>;
}

/** A BFF in this process on a port of loopback, before a cloud; `environment` is added to the usual one. */
export async function startTestBff(
  cloud: Pick<EmbeddedCloud, 'url' | 'accountsFile'>,
  environment: Record<string, string> = {},
): Promise<TestBff> {
  const folder = await mkdtemp(join(tmpdir(), 'moru-bff-'));
  const keyFile = join(folder, 'secret.key');
  await writeFile(keyFile, randomBytes(32).toString('hex'));
  const logged: string[] = [];
  const config = loadConfig({
    MORU_BFF_LISTEN: '127.0.0.1:0',
    MORU_PUBLIC_URL: publicUrl,
    MORU_INSTALLATION_ID: 'test',
    MORU_DATA: join(folder, 'data'),
    MORU_IAM_URL: cloud.url,
    MORU_BCS_URL: cloud.url,
    MORU_NETWORK_URL: cloud.url,
    MORU_VPC_URL: cloud.url,
    MORU_ACCOUNTS: cloud.accountsFile,
    MORU_SECRET_KEY_FILE: keyFile,
    ...environment,
  });
  const bff = await startBff(config, createLogger({ write: (line) => logged.push(line) }));
  return {
    ...bff,
    folder,
    logged,
    async browser(seededAccount) {
      const browser = new Browser({ port: bff.port ?? 0 });
      if (seededAccount === undefined) return browser;
      const { status, text } = await browser.signIn(seededAccount);
      if (status !== 200) throw new Error(`sign-in answered ${status}: ${text}`);
      return browser;
    },
    async close() {
      await bff.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
