import { apiHeader, ProblemError } from '@moru/types';
import type { RequestHandler } from 'express';

/** Answers only to the configured name: a name that was rebound to this machine's loopback is not ours. */
export function requireHost(publicUrl: URL): RequestHandler {
  const expected = publicUrl.host.toLowerCase();
  return (request, _response, next) => {
    if (request.headers.host?.toLowerCase() !== expected) {
      throw new ProblemError('origin.refused', { detail: `This console is at ${publicUrl.origin}.` });
    }
    next();
  };
}

const safeMethods = new Set(['GET', 'HEAD', 'OPTIONS']);
const ownSites = new Set([undefined, 'same-origin', 'none']);

/**
 * Refuses what another site's page may have sent (reference/security.md T5). The header alone forces a preflight,
 * which nothing here answers; Origin and Sec-Fetch-Site are two further locks on what changes something. A program's
 * token is no cookie: no browser sends it by itself, and with it no cookie counts (`mount-routes.ts`).
 */
export function requireOwnOrigin(publicUrl: URL): RequestHandler {
  return (request, _response, next) => {
    if (request.headers.authorization !== undefined) return next();
    if (request.headers[apiHeader.name] !== apiHeader.value) throw new ProblemError('header.missing');
    if (!safeMethods.has(request.method)) {
      const site = request.headers['sec-fetch-site'];
      const foreignSite = Array.isArray(site) || !ownSites.has(site);
      if (request.headers.origin !== publicUrl.origin || foreignSite) {
        throw new ProblemError('origin.refused');
      }
    }
    next();
  };
}
