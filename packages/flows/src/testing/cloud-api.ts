import { type Installation, runInNetwork } from '@moru/stack';

/** Renames an instance by the cloud's own API, past the console, as another client of it would. */
export async function renameInCloud(installation: Installation, id: string, name: string): Promise<void> {
  await ask(installation, 'PUT', `/api/v1/instances/${id}`, { instance: { name } });
}

interface RouteTables {
  vpc_route_tables: {
    id: string;
    routes: { id: string; target_type: string; target_id: string; destination: string }[];
  }[];
}

/** Takes a VPC's route to the internet away, by the cloud's own API; what comes back puts it there again. */
export async function cutFromInternet(installation: Installation, vpc: string): Promise<() => Promise<void>> {
  const tables = '/api/v1/route-tables';
  const found: RouteTables = JSON.parse(await ask(installation, 'GET', `${tables}?vpc_name=${vpc}`));
  const [table] = found.vpc_route_tables;
  const out = table?.routes.find(({ target_type }) => target_type === 'igw');
  if (!table || !out) throw new Error(`${vpc} has no route to the internet`);
  await ask(installation, 'DELETE', `${tables}/${table.id}/routes/${out.id}`);
  return async () => {
    const vpc_route = { route_type: 'igw', target_id: out.target_id, destination: out.destination };
    await ask(installation, 'POST', `${tables}/${table.id}/routes`, { vpc_route });
  };
}

/** The body of the answer to a request of the project's admin. */
async function ask(installation: Installation, method: string, path: string, body?: object): Promise<string> {
  const admin = installation.accounts.find(({ role }) => role === 'admin');
  const credential = { id: admin?.accessKeyId, secret: admin?.secret };
  const identity = { methods: ['application_credential'], application_credential: credential };
  const headers = await send(installation, 'POST', '/identity/v3/auth/tokens', { auth: { identity } });
  const token = /^x-subject-token: *(\S+)/im.exec(headers)?.[1];
  if (!token) throw new Error('the cloud gave no token');
  const answer = await send(installation, method, path, body, token);
  return answer.slice(answer.indexOf('\r\n\r\n') + 4);
}

/** The cloud is reached from the console's network alone. Answers head and body. */
function send(
  { hosts, cloudUrl }: Installation,
  method: string,
  path: string,
  body?: object,
  token?: string,
): Promise<string> {
  if (!hosts.pids) throw new Error('this flow needs hosts in namespaces');
  const head = ['content-type: application/json', ...(token ? [`x-auth-token: ${token}`] : [])];
  const args = ['-sS', '-i', '--fail', '-X', method, ...head.flatMap((line) => ['-H', line])];
  // by standard input, where no list of processes shows the key
  const data = body ? ['--data', '@-'] : [];
  return runInNetwork(hosts.pids.console, 'curl', [...args, ...data, cloudUrl + path], JSON.stringify(body));
}
