import { randomBytes } from 'node:crypto';
import type { RequestHandler } from 'express';
import helmet from 'helmet';

/**
 * The page may load its own files and talk to its own origin, nothing else (reference/security.md section 2). The
 * nonce is new for each request and also stands in index.html (console-files.ts).
 */
export function securityHeaders(publicUrl: URL): RequestHandler[] {
  const nonce: RequestHandler = (_request, response, next) => {
    response.locals.cspNonce = randomBytes(16).toString('base64');
    next();
  };
  const headers = helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        'default-src': ["'none'"],
        'script-src': ["'self'"],
        // React Aria adds one <style> at run time and takes its nonce from the page
        'style-src': [
          "'self'",
          (_request, response) => `'nonce-${'locals' in response ? nonceOf(response.locals) : ''}'`,
        ],
        'connect-src': ["'self'"],
        'img-src': ["'self'", 'data:'],
        'font-src': ["'self'"],
        'base-uri': ["'none'"],
        'form-action': ["'self'"],
        'frame-ancestors': ["'none'"],
        'object-src': ["'none'"],
        'require-trusted-types-for': ["'script'"],
        // One policy of our own, for what the browser takes as code (a worker's address). The page and a chunk that
        // is loaded later may each make it, which without 'allow-duplicates' throws the second time.
        'trusted-types': ['moru', "'allow-duplicates'"],
      },
    },
    frameguard: { action: 'deny' },
    // a browser ignores it over http, and on loopback it would follow the name to other ports
    strictTransportSecurity: publicUrl.protocol === 'https:',
  });
  return [nonce, headers];
}

function nonceOf(locals: unknown): string {
  const known = typeof locals === 'object' && locals !== null && 'cspNonce' in locals;
  return known ? String(locals.cspNonce) : '';
}
