import { z } from 'zod';

/** A path of `apiPaths` with its `:name` parameters as the router wants them; the contract escapes the colon. */
export function pathPattern(path: string): string {
  return decodeURIComponent(path);
}

/** Ids are the cloud's; what could not be one is not worth asking for. */
export const id = z.string().regex(/^[A-Za-z0-9-]{1,64}$/);

export const instanceParams = z.strictObject({ instanceId: id });
export const interfaceParams = z.strictObject({ instanceId: id, networkInterfaceId: id });
