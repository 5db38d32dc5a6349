import { type Installation, runInNetwork } from '@moru/stack';

/** Renames an instance by the cloud's own API, past the console, as another client of it would. */
export async function renameInCloud(installation: Installation, id: string, name: string): Promise<void> {
  const admin = installation.accounts.find(({ role }) => role === 'admin');
  const credential = { id: admin?.accessKeyId, secret: admin?.secret };
  const identity = { methods: ['application_credential'], application_credential: credential };
  const headers = await send(installation, 'POST', '/identity/v3/auth/tokens', { auth: { identity } });
  const token = /^x-subject-token: *(\S+)/im.exec(headers)?.[1];
  if (!token) throw new Error('the cloud gave no token');
  await send(installation, 'PUT', `/api/v1/instances/${id}`, { instance: { name } }, token);
}

/** The cloud is reached from the console's network alone. Answers head and body. */
function send(
  { hosts, cloudUrl }: Installation,
  method: string,
  path: string,
  body: object,
  token?: string,
): Promise<string> {
  if (!hosts.pids) throw new Error('this flow needs hosts in namespaces');
  const head = ['content-type: application/json', ...(token ? [`x-auth-token: ${token}`] : [])];
  const args = ['-sS', '-i', '--fail', '-X', method, '--data', '@-', ...head.flatMap((line) => ['-H', line])];
  // by standard input, where no list of processes shows the key
  return runInNetwork(hosts.pids.console, 'curl', [...args, cloudUrl + path], JSON.stringify(body));
}
