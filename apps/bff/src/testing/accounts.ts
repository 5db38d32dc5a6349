import { randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import type { Role } from '@moru/types';

/** Every secret that a test hands in starts with this, so that a leak can be searched for. */
export const canary = 'CANARY';

const roles: readonly Role[] = ['admin', 'member', 'reader'];

export interface TestAccount {
  id: string;
  name: string;
  role: Role;
  accessKeyId: string;
  secret: string;
  userId: string;
  projectId: string;
  projectName: string;
}

/** One account per role, all of one project, as the installation seeds them. */
export function testAccounts(): TestAccount[] {
  const projectId = randomBytes(16).toString('hex');
  return roles.map((role) => ({
    id: role,
    name: `${role}-user`,
    role,
    accessKeyId: `key-${role}`,
    secret: `${canary}-${role}-${randomBytes(8).toString('hex')}`,
    userId: randomBytes(16).toString('hex'),
    projectId,
    projectName: 'shop-prod',
  }));
}

/** The admin of another project of the same cloud, which has nothing. */
export function strangerAccount(): TestAccount {
  return {
    ...{ id: 'stranger', name: 'stranger-user', role: 'admin', accessKeyId: 'key-stranger' },
    secret: `${canary}-stranger-${randomBytes(8).toString('hex')}`,
    userId: randomBytes(16).toString('hex'),
    projectId: randomBytes(16).toString('hex'),
    projectName: 'other-prod',
  };
}

export async function writeAccounts(file: string, accounts: readonly TestAccount[]): Promise<void> {
  await writeFile(file, JSON.stringify(accounts), { mode: 0o600 });
}
