/** What a certificate is to say. */
export interface Leaf {
  commonName: string;
  dnsName?: string;
  usages: readonly ('server' | 'client')[];
  /** milliseconds since the epoch */
  expiresAt: number;
}

/** A host's: it answers the console as the instance, and asks the enrolment listener as the instance. */
export function hostLeaf(instanceId: string, expiresAt: number): Leaf {
  return { commonName: instanceId, dnsName: instanceId, usages: ['server', 'client'], expiresAt };
}
