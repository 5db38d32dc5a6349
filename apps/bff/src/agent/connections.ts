import type { TLSSocket } from 'node:tls';

/** The open connections to agents, by instance and by the certificate that was shown on each. */
export interface Connections {
  follow(instanceId: string, socket: TLSSocket): void;
  /** closes those of an instance whose certificate's serial number is not good */
  cut(instanceId: string, isGood: (serial: string) => boolean): void;
  instances(): string[];
}

export function createConnections(): Connections {
  const open = new Map<string, Map<TLSSocket, string>>();
  return {
    follow(instanceId, socket) {
      const sockets = open.get(instanceId) ?? new Map<TLSSocket, string>();
      open.set(instanceId, sockets.set(socket, socket.getPeerCertificate().serialNumber));
      socket.once('close', () => {
        sockets.delete(socket);
        if (sockets.size === 0 && open.get(instanceId) === sockets) open.delete(instanceId);
      });
    },
    cut(instanceId, isGood) {
      for (const [socket, serial] of open.get(instanceId) ?? []) {
        if (!isGood(serial)) socket.destroy(new Error('the certificate has ended'));
      }
    },
    instances: () => [...open.keys()],
  };
}
