import { isIP, type Socket } from 'node:net';

/** Longest header of version 1, CRLF included (the PROXY protocol specification, section 2.1). */
const maximumHeaderBytes = 107;

/** The forwarder writes the header before anything else, so a silent peer is not the forwarder. */
const headerTimeoutMs = 5_000;

const headerPattern = /^PROXY TCP([46]) (\S+) (\S+) (\d{1,5}) (\d{1,5})$/;

/** The client's address out of a header line without CRLF; null for anything else, `PROXY UNKNOWN` included. */
export function parseProxyHeader(line: string): string | null {
  const match = headerPattern.exec(line);
  if (!match) return null;
  const [, family, source, destination, ...ports] = match;
  const sameFamily = [source, destination].every((address) => isIP(address ?? '') === Number(family));
  return sameFamily && ports.every((port) => Number(port) <= 65_535) ? (source ?? null) : null;
}

/**
 * Takes the header line off a fresh connection and resolves to the client's address; what follows stays in the
 * socket for HTTP. Rejects when the header is missing, broken, too long or late; the caller destroys the socket.
 */
export function readProxyHeader(socket: Socket, timeoutMs = headerTimeoutMs): Promise<string> {
  return new Promise((resolve, reject) => {
    let held = Buffer.alloc(0);
    const settle = (finish: () => void) => {
      clearTimeout(timer);
      socket.off('readable', onReadable);
      socket.off('end', onEnd);
      socket.off('close', onEnd);
      finish();
    };
    const fail = (reason: string) => settle(() => reject(new Error(reason)));
    const onEnd = () => fail('connection ended before its PROXY header');
    const onReadable = () => {
      for (let chunk: Buffer | null = socket.read(); chunk !== null; chunk = socket.read()) {
        held = Buffer.concat([held, chunk]);
        const end = held.indexOf('\r\n');
        if (end === -1 && held.length < maximumHeaderBytes) continue;
        const address =
          end === -1 || end > maximumHeaderBytes - 2
            ? null
            : parseProxyHeader(held.subarray(0, end).toString('latin1'));
        if (address === null) return fail('no PROXY header');
        const rest = held.subarray(end + 2);
        return settle(() => {
          if (rest.length > 0) socket.unshift(rest);
          resolve(address);
        });
      }
    };
    const timer = setTimeout(() => fail('PROXY header did not arrive in time'), timeoutMs);
    socket.on('readable', onReadable);
    socket.on('end', onEnd);
    socket.on('close', onEnd);
  });
}
