import type { RuleFields } from '@moru/netfilter';

export interface GuideCase {
  /** number of the case in the guide */
  id: 1 | 2 | 3 | 4 | 5;
  fields: RuleFields;
  /** the guide writes a placeholder here (reference/guide-traps.md): the address has to be given */
  needsDestination: boolean;
}

const ssh = { protocol: 'tcp', destinationPort: '22', target: 'ACCEPT' };

/** The guide's five examples of 「Rule 생성」, all in INPUT. */
export const guideCases: readonly GuideCase[] = [
  { id: 1, fields: { inInterface: 'lo', target: 'ACCEPT' }, needsDestination: false },
  { id: 2, fields: ssh, needsDestination: false },
  {
    id: 3,
    fields: { protocol: 'tcp', destinationPort: '80', target: 'ACCEPT' },
    needsDestination: false,
  },
  {
    id: 4,
    fields: { protocol: 'tcp', destinationPort: '443', target: 'ACCEPT' },
    needsDestination: false,
  },
  { id: 5, fields: ssh, needsDestination: true },
];
