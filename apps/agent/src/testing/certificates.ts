import { execFile } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '9'];

/** A throw-away certificate authority in `folder`: ca.pem and ca.key; valid from the clock of `environment` on. */
export async function makeAuthority(folder: string, environment = process.env): Promise<void> {
  await mkdir(folder, { recursive: true });
  const files = ['-keyout', join(folder, 'ca.key'), '-out', join(folder, 'ca.pem')];
  await run('openssl', ['req', '-x509', ...key, ...files, '-subj', '/CN=test authority'], {
    env: environment,
  });
}

/** A certificate of the authority: NAME.pem and NAME.key in its folder. */
export async function makeCertificate(
  folder: string,
  name: string,
  subject: { commonName: string; dnsName?: string },
  environment = process.env,
): Promise<void> {
  const authority = ['-CA', join(folder, 'ca.pem'), '-CAkey', join(folder, 'ca.key')];
  const files = ['-keyout', join(folder, `${name}.key`), '-out', join(folder, `${name}.pem`)];
  const names = subject.dnsName ? ['-addext', `subjectAltName=DNS:${subject.dnsName}`] : [];
  const subjectName = ['-subj', `/CN=${subject.commonName}`, '-addext', 'basicConstraints=critical,CA:FALSE'];
  await run('openssl', ['req', '-x509', ...authority, ...key, ...files, ...subjectName, ...names], {
    env: environment,
  });
}

/** What an enrolled host holds: agent.pem in the folder of its authority; HOST.pem and HOST.key stay beside it. */
export async function makeCredential(folder: string, host: string, environment = process.env): Promise<void> {
  await makeCertificate(folder, 'host', { commonName: host, dnsName: host }, environment);
  const parts = await Promise.all(
    ['host.key', 'host.pem', 'ca.pem'].map((name) => readFile(join(folder, name), 'utf8')),
  );
  await writeFile(join(folder, 'agent.pem'), parts.join(''), { mode: 0o600 });
}
