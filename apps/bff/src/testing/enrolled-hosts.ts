import { type Credential, enrol, makeKey } from '@moru/enrolment';
import { apiPaths, type IssuedToken } from '@moru/types';
import type { TestBff } from './bff.ts';
import type { Browser } from './browser.ts';

/** Environment of a BFF at which hosts can enrol, also by themselves. */
export const withEnrolment = {
  MORU_ENROLMENT_LISTEN: '127.0.0.1:0',
  MORU_ENROLMENT_URL: 'https://console.test:7444',
  MORU_ENROLMENT_AUTOMATIC: '1',
};

export const enrolmentServer = ({ enrolmentPort }: TestBff) => `https://127.0.0.1:${enrolmentPort}`;

export async function makeToken(admin: Browser, instanceId: string, wish: object = {}): Promise<IssuedToken> {
  const { status, body, text } = await admin.post(apiPaths.hostTokens(instanceId), wish);
  if (status !== 200) throw new Error(`no token: ${text}`);
  return body;
}

/** What an agent sends with its token. */
export const asAgent = { agent: '0.1.0', hostname: 'web-01', waitMs: 0 };

/** Enrols an instance as a host of first boot does, and gives what it holds then. */
export async function enrolHost(bff: TestBff, admin: Browser, instanceId: string): Promise<Credential> {
  const { token } = await makeToken(admin, instanceId, { approval: 'automatic' });
  return enrol({ ...asAgent, server: enrolmentServer(bff), token, key: await makeKey() });
}
