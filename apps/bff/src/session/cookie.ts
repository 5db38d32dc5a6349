import type { IncomingMessage } from 'node:http';
import type { CookieOptions, Response } from 'express';

/** A browser keeps a `__Host-` cookie only with Secure, Path=/ and no Domain, so no other host can plant one. */
const attributes: CookieOptions = { httpOnly: true, secure: true, sameSite: 'strict', path: '/' };

export interface SessionCookie {
  read(request: IncomingMessage): string | null;
  set(response: Response, id: string): void;
  clear(response: Response): void;
}

/** The name carries the installation's id: cookies ignore ports, and two installations may share a machine. */
export function createSessionCookie(installationId: string): SessionCookie {
  const name = `__Host-moru-${installationId}`;
  return {
    read(request) {
      const prefix = `${name}=`;
      const pair = request.headers.cookie?.split(/;\s*/).find((part) => part.startsWith(prefix));
      return pair ? pair.slice(prefix.length) : null;
    },
    // no Max-Age: it ends with the browser at the latest
    set: (response, id) => response.cookie(name, id, attributes),
    clear: (response) => response.clearCookie(name, attributes),
  };
}
