import type { FirewallState } from '@moru/types';
import { RequestError } from '../../http/request-error.ts';

/** Nobody on this host can be asked, now or later, before it is enrolled (again). */
export const hasNoAgent = (error: unknown): boolean =>
  error instanceof RequestError && /^agent\.(notEnrolled|revoked|expired)$/.test(error.code);

const none = { packets: '0', bytes: '0' };
const builtIn = { ...none, builtIn: true, policy: 'ACCEPT' as const, owner: 'moru' as const, rules: [] };

/**
 * What a host holds whose image has just been started, as the guide shows it: SSHGUARD's chain and the jump to it. Of a
 * host without an agent it is not known whether that still holds. Its version is the guide's, the oldest one, whose
 * words every later one takes.
 */
export const freshState: FirewallState = {
  family: 'ipv4',
  readAt: new Date(0).toISOString(),
  revision: '0'.repeat(64),
  iptables: { raw: '', version: '1.6.1', backend: 'legacy' },
  tables: [
    {
      name: 'filter',
      chains: [
        { ...builtIn, name: 'INPUT', rules: [{ ...none, number: 1, text: '-j sshguard' }] },
        { ...builtIn, name: 'FORWARD' },
        { ...builtIn, name: 'OUTPUT' },
        { ...none, name: 'sshguard', builtIn: false, policy: null, owner: 'foreign', rules: [] },
      ],
    },
  ],
  saved: { path: '/etc/iptables.rules', exists: false, matches: null, modifiedAt: null },
  sshguard: { chain: true, jump: true, blocked: 0 },
  otherBackend: false,
};
