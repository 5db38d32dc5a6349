import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { chown, cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import pg from 'pg';
import { until } from './until.ts';

const run = promisify(execFile);

/** PostgreSQL refuses to be root, so that root's tests run it as this user, who owns nothing else. */
const nobody = { uid: 65_534, gid: 65_534 };

const unpacked = fileURLToPath(new URL('../../../../.moru/packages/postgresql', import.meta.url));
const programs = 'usr/lib/postgresql';

/** Where PostgreSQL's programs are: the machine's own, or those that `npm test` has unpacked. Null without. */
function findPostgres(): { root: string; bin: string } | null {
  for (const root of ['/', unpacked]) {
    const folder = join(root, programs);
    const newest = existsSync(folder) ? readdirSync(folder).sort().at(-1) : undefined;
    const bin = newest && join(folder, newest, 'bin');
    if (bin && existsSync(join(bin, 'initdb'))) return { root, bin };
  }
  return null;
}

export const hasPostgres = findPostgres() !== null;

export interface TestPostgres {
  /** makes an empty database and returns the address of it */
  createDatabase(): Promise<string>;
  /** process id of the server */
  pid: number;
  /** ends the server, and its data with it */
  stop(): Promise<void>;
}

/** A real PostgreSQL of its own in a temporary folder, on a unix socket only. */
export async function startPostgres(): Promise<TestPostgres> {
  const found = findPostgres();
  if (!found) throw new Error('PostgreSQL is not on this machine; `npm test` unpacks it where it can');
  const folder = await mkdtemp(join(tmpdir(), 'moru-pg-'));
  const isRoot = process.getuid?.() === 0;
  const identity = isRoot ? nobody : {};
  if (isRoot) await chown(folder, nobody.uid, nobody.gid);
  const bin = await reachable(found, folder, identity);
  const env = { PATH: '/usr/bin:/bin', LC_ALL: 'C', LD_LIBRARY_PATH: librariesOf(found.root) };
  const data = join(folder, 'data');
  const authentication = ['--auth=trust', '--username=moru', '--encoding=UTF8', '--locale=C', '--no-sync'];
  await run(join(bin, 'initdb'), ['-D', data, ...authentication], { ...identity, env, cwd: folder });
  const settings = ['listen_addresses=', `unix_socket_directories=${folder}`, 'max_connections=120'];
  const server = spawn(
    join(bin, 'postgres'),
    ['-D', data, ...settings.flatMap((setting) => ['-c', setting])],
    { ...identity, env, cwd: folder, stdio: ['ignore', 'ignore', 'pipe'] },
  );
  const said: string[] = [];
  server.stderr?.on('data', (chunk: Buffer) => said.push(chunk.toString()));
  const address = (database: string) => `postgresql://moru@localhost/${database}?host=${folder}`;
  const query = async (text: string) => {
    const client = new pg.Client({ connectionString: address('postgres') });
    await client.connect();
    await client.query(text).finally(() => client.end());
  };
  await until(30_000, () => query('select 1')).catch((error) => {
    server.kill('SIGKILL');
    throw new Error(`PostgreSQL did not start: ${error}\n${said.join('')}`);
  });
  let made = 0;
  return {
    pid: server.pid ?? 0,
    async createDatabase() {
      made += 1;
      const name = `moru_${made}`;
      await query(`create database ${name}`);
      return address(name);
    },
    stop: () => stopServer(server, folder),
  };
}

/** SIGQUIT: at once and without cleaning up, for its folder goes as well. */
async function stopServer(server: ChildProcess, folder: string): Promise<void> {
  if (server.exitCode === null && server.signalCode === null) {
    const ended = once(server, 'exit');
    server.kill('SIGQUIT');
    await ended;
  }
  await rm(folder, { recursive: true, force: true });
}

/** A checkout in a private folder is closed to the other user; then the programs are copied beside the data. */
async function reachable(
  { root, bin }: { root: string; bin: string },
  folder: string,
  identity: { uid?: number; gid?: number },
): Promise<string> {
  const opens = await run('/usr/bin/test', ['-x', join(bin, 'initdb')], identity).then(
    () => true,
    () => false,
  );
  if (opens) return bin;
  await cp(join(root, 'usr'), join(folder, 'usr'), { recursive: true });
  return join(folder, bin.slice(root.length));
}

/** Libraries that were unpacked with it come after those of the machine's own folders. */
function librariesOf(root: string): string {
  if (root === '/') return '';
  const triplet = readFileSync('/proc/self/maps', 'utf8').match(/\/lib\/([a-z0-9_]+-linux-gnu)\//)?.[1];
  return [`usr/lib/${triplet}`, `lib/${triplet}`].map((path) => join(root, path)).join(':');
}
