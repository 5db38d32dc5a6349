import { createHash, timingSafeEqual } from 'node:crypto';
import type { ApplicationCredential } from '@moru/kakaocloud';
import { z } from 'zod';

/** Project roles, lowest first (reference/kakaocloud.md A.9). */
export const roles = ['reader', 'member', 'admin'] as const;
export type Role = (typeof roles)[number];

const accountSchema = z.object({
  id: z.string().min(1),
  /** of the user, and of the access key too */
  name: z.string().min(1),
  role: z.enum(roles),
  accessKeyId: z.string().min(1),
  secret: z.string().min(1),
  userId: z.string().min(1),
  projectId: z.string().min(1),
  projectName: z.string().min(1),
});
export type Account = z.infer<typeof accountSchema>;

export const accountsSchema = z
  .array(accountSchema)
  .min(1)
  .refine((list) => new Set(list.map((account) => account.id)).size === list.length, 'an id is used twice')
  .refine(
    (list) => new Set(list.map((account) => account.accessKeyId)).size === list.length,
    'an access key id is used twice',
  );

/** The users of the installation, each with one access key. */
export class Accounts {
  readonly #accounts: Account[];

  constructor(accounts: Account[]) {
    this.#accounts = accounts;
  }

  byId(id: string): Account | undefined {
    return this.#accounts.find((account) => account.id === id);
  }

  /** The owner of an access key, or undefined when key or secret is wrong. */
  byCredential(credential: ApplicationCredential): Account | undefined {
    const account = this.#accounts.find((known) =>
      'id' in credential
        ? known.accessKeyId === credential.id
        : known.name === credential.name && known.userId === credential.user.id,
    );
    // An unknown key takes the same comparison, so that the time tells nothing.
    const fits = equalSecrets(credential.secret, account?.secret ?? '');
    return fits ? account : undefined;
  }
}

function equalSecrets(given: string, known: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(given), digest(known));
}
