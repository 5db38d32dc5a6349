import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2'];

export interface Pair {
  certificate: string;
  key: string;
}

/** A throw-away certificate authority in `folder`, as the installation has one. */
export async function makeAuthority(folder: string, name = 'ca') {
  const file = (suffix: string) => join(folder, `${name}${suffix}`);
  const own = ['-keyout', file('.key'), '-out', file('.pem'), '-subj', '/CN=test authority'];
  await run('openssl', ['req', '-x509', ...key, ...own]);

  return {
    certificate: await readFile(file('.pem'), 'utf8'),
    /** writes LEAF.pem and LEAF.key beside its own files too */
    async issue(leaf: string, subject: { commonName: string; dnsName?: string }): Promise<Pair> {
      const files = [join(folder, `${leaf}.key`), join(folder, `${leaf}.pem`)] as const;
      const names = subject.dnsName ? ['-addext', `subjectAltName=DNS:${subject.dnsName}`] : [];
      await run('openssl', [
        ...['req', '-x509', '-CA', file('.pem'), '-CAkey', file('.key'), ...key],
        ...['-keyout', files[0], '-out', files[1], '-subj', `/CN=${subject.commonName}`],
        ...['-addext', 'basicConstraints=critical,CA:FALSE', ...names],
      ]);
      return { certificate: await readFile(files[1], 'utf8'), key: await readFile(files[0], 'utf8') };
    },
  };
}
