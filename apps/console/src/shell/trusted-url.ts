interface Policy {
  createScriptURL(url: string): unknown;
}

interface PolicyFactory {
  createPolicy(name: string, rules: { createScriptURL: (url: string) => string }): Policy;
}

let policy: Policy | null = null;

/**
 * The address of a worker as the page's Content Security Policy wants it: named by the one Trusted Types policy that
 * it allows. Only what this build emitted is taken, never a text from elsewhere.
 */
export function trustedUrl(url: string): unknown {
  const { trustedTypes } = globalThis as { trustedTypes?: PolicyFactory };
  if (!trustedTypes) return url;
  policy ??= trustedTypes.createPolicy('moru', {
    createScriptURL(text) {
      const { origin, pathname } = new URL(text, location.href);
      if (origin === location.origin && /^\/(assets|src)\//.test(pathname)) return text;
      throw new TypeError(`not a script of this page: ${text}`);
    },
  });
  return policy.createScriptURL(url);
}
