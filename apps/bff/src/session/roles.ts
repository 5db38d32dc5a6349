import type { Role } from '@moru/types';

/**
 * Role names as they are seen: short in the embedded cloud, with prefix in KakaoCloud's documents
 * (reference/kakaocloud.md A.9). Compared in lower case, with spaces and dashes as underscores.
 */
const roleOfName: Record<string, Role> = {
  admin: 'admin',
  project_admin: 'admin',
  member: 'member',
  project_member: 'member',
  reader: 'reader',
  project_reader: 'reader',
};

const highestFirst: Role[] = ['admin', 'member', 'reader'];

/** The highest role that a token names. Names that nobody knows give no more than reading. */
export function roleOf(names: readonly string[]): Role {
  const held = new Set(names.map((name) => roleOfName[name.toLowerCase().replace(/[\s-]+/g, '_')]));
  return highestFirst.find((role) => held.has(role)) ?? 'reader';
}
