import type { PeerCertificate } from 'node:tls';

/** Whose certificate is expected on connections that are being made. */
export interface Asked {
  during<T>(instanceId: string, serials: ReadonlySet<string>, run: () => Promise<T>): Promise<T>;
  check(hostname: string, certificate: PeerCertificate): Error | undefined;
}

/** Kept beside the pool, not with each request: connections whose requests have checks of their own are not shared. */
export function createAsked(): Asked {
  const asked = new Map<string, { serials: ReadonlySet<string>; users: number }>();
  return {
    async during(instanceId, serials, run) {
      const entry = { serials, users: (asked.get(instanceId)?.users ?? 0) + 1 };
      asked.set(instanceId, entry);
      try {
        return await run();
      } finally {
        const now = asked.get(instanceId);
        if (now && now.users > 1) now.users -= 1;
        else asked.delete(instanceId);
      }
    },
    /** Only a DNS name counts, exactly: Node's own check would also take wildcards and the common name. */
    check(hostname, { subjectaltname, serialNumber }) {
      const names = (subjectaltname ?? '').split(', ');
      if (!names.includes(`DNS:${hostname}`)) return new Error('the certificate names another host');
      return asked.get(hostname)?.serials.has(serialNumber) ? undefined : new UnknownCertificate();
    },
  };
}

export class UnknownCertificate extends Error {
  constructor() {
    super('the certificate is none that is in use');
    this.name = 'UnknownCertificate';
  }
}
