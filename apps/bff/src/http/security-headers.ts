import { randomBytes } from 'node:crypto';
import type { RequestHandler } from 'express';
import helmet, { type HelmetOptions } from 'helmet';

type ContentSecurityPolicyDirectives = NonNullable<
  Exclude<HelmetOptions['contentSecurityPolicy'], boolean | undefined>['directives']
>;

/** What is no page may load nothing at all, whatever a browser takes it for. */
const bare = { 'default-src': ["'none'"], 'base-uri': ["'none'"], 'frame-ancestors': ["'none'"] };

/**
 * The page may load its own files and talk to its own origin, nothing else (reference/security.md section 2). The
 * nonce is new for each request and also stands in index.html (console-files.ts).
 */
export function securityHeaders(publicUrl: URL): RequestHandler {
  const withPolicy = (directives: ContentSecurityPolicyDirectives) =>
    helmet({
      contentSecurityPolicy: { useDefaults: false, directives },
      frameguard: { action: 'deny' },
      // a browser ignores it over http, and on loopback it would follow the name to other ports
      strictTransportSecurity: publicUrl.protocol === 'https:',
    });
  const forAnswers = withPolicy(bare);
  const forPages = withPolicy({
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
  });
  return (request, response, next) => {
    if (request.path.startsWith('/api/')) return forAnswers(request, response, next);
    response.locals.cspNonce = randomBytes(16).toString('base64');
    forPages(request, response, next);
  };
}

function nonceOf(locals: unknown): string {
  const known = typeof locals === 'object' && locals !== null && 'cspNonce' in locals;
  return known ? String(locals.cspNonce) : '';
}
