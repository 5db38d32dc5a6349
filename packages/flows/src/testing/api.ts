import {
  apiHeader,
  apiPaths,
  type Instance,
  instanceListSchema,
  type PublicIp,
  publicIpListSchema,
  type SignIn,
} from '@moru/types';
import { keepSecret } from '../report/secrets.ts';
import { instanceName } from '../target.ts';

/** Reads the installation as the console does: what flows compare screens and hosts with. */
export interface InstallationApi {
  idOf(hostname: string): string;
  instance(name: string): Promise<Instance>;
  publicIps(): Promise<PublicIp[]>;
  /** any request, with the console's header; the status and the body */
  call(method: string, path: string, body?: unknown): Promise<{ status: number; body: unknown }>;
}

/** Signs in as somebody, or as a seeded account of the embedded cloud. */
export async function installationApi(url: string, who: SignIn | string = 'admin'): Promise<InstallationApi> {
  const key: SignIn = typeof who === 'string' ? { seededAccount: who } : who;
  let cookie = '';
  const send: InstallationApi['call'] = async (method, path, body) => {
    const answer = await fetch(new URL(path, url), {
      method,
      headers: {
        [apiHeader.name]: apiHeader.value,
        origin: url,
        cookie,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(15_000),
    });
    const set = answer.headers.getSetCookie().map((line) => line.split(';')[0]);
    if (set.length > 0) cookie = set.join('; ');
    const text = await answer.text();
    return { status: answer.status, body: text ? JSON.parse(text) : null };
  };
  const signIn = async () => {
    const { status } = await send('POST', apiPaths.session, key);
    if (cookie) keepSecret(cookie.replace(/^[^=]*=/, ''));
    if (status >= 300) throw new Error(`sign-in answered ${status}`);
  };
  const call: InstallationApi['call'] = async (method, path, body) => {
    const answer = await send(method, path, body);
    const needsProof = (answer.body as { code?: string } | null)?.code === 'session.proofNeeded';
    if (!needsProof) return answer;
    // what cannot be undone asks for a key that was shown lately, and a worker lives for longer
    await signIn();
    return send(method, path, body);
  };
  const list = async () =>
    instanceListSchema.parse((await call('GET', `${apiPaths.instances}?limit=200`)).body);

  await signIn();
  const ids = new Map((await list()).instances.map(({ name, id }) => [name, id]));
  const idOf = (hostname: string) => {
    const name = instanceName(hostname);
    const id = ids.get(name);
    if (!id)
      throw new Error(`no instance named ${name}; MORU_INSTANCES tells which stands in for ${hostname}`);
    return id;
  };
  return {
    idOf,
    call,
    async instance(hostname) {
      const name = instanceName(hostname);
      const found = (await list()).instances.find((instance) => instance.name === name);
      if (!found) throw new Error(`no instance named ${name}`);
      return found;
    },
    publicIps: async () => publicIpListSchema.parse((await call('GET', apiPaths.publicIps)).body).publicIps,
  };
}
