import { randomBytes, randomUUID } from 'node:crypto';
import { readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Role } from '@moru/types';

/** A seeded account of the embedded cloud: its access key works upstream as any other does. */
export interface SeededAccount {
  id: string;
  name: string;
  role: Role;
  accessKeyId: string;
  secret: string;
  userId: string;
  projectId: string;
  projectName: string;
}

/** What an embedded installation makes on its first start and keeps. */
export interface Identity {
  /** short id in the session cookie's name: cookies ignore ports, so two stacks would share one otherwise */
  id: string;
  accounts: SeededAccount[];
  accountsFile: string;
  secretKeyFile: string;
}

const roles = ['admin', 'member', 'reader'] as const;

export async function openIdentity(dataFolder: string): Promise<Identity> {
  const file = (name: string) => join(dataFolder, name);
  const accountsFile = file('accounts.json');
  const secretKeyFile = file('secret.key');
  const id = await keep(file('installation-id'), () => randomBytes(4).toString('hex'));
  await keep(secretKeyFile, () => randomBytes(32).toString('hex'));
  const accounts = await keep(accountsFile, () => JSON.stringify(seedAccounts(), null, 2));
  return { id, accounts: JSON.parse(accounts) as SeededAccount[], accountsFile, secretKeyFile };
}

function seedAccounts(): SeededAccount[] {
  const projectId = randomUUID().replaceAll('-', '');
  return roles.map((role) => ({
    id: role,
    name: role,
    role,
    accessKeyId: randomUUID().replaceAll('-', ''),
    secret: randomBytes(32).toString('base64url'),
    userId: randomUUID().replaceAll('-', ''),
    projectId,
    projectName: 'shop-prod',
  }));
}

/** The file's text; written once, whole or not at all. */
async function keep(path: string, make: () => string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
  const text = make();
  await writeFile(`${path}.new`, text, { mode: 0o600 });
  await rename(`${path}.new`, path);
  return text;
}
