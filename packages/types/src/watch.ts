import { z } from 'zod';
import { revisionSchema, savedRulesSchema } from './firewall.ts';

/** Path of the watch on the agent, and by the same query of the BFF's. */
export const watchPath = '/v1/watch';

/** `waitSeconds`: how long an agent keeps a question whose answer has not changed; `waiters`: how many at a time. */
export const watchLimits = { waitSeconds: 25, waiters: 16 } as const;

/** With the mark of the last answer the next one comes when something has changed, or when the wait is over. */
export const watchQuerySchema = z.strictObject({
  after: z
    .string()
    .regex(/^[\w.-]{1,64}$/)
    .optional(),
  wait: z.coerce.number().int().min(0).max(watchLimits.waitSeconds).default(0),
});
export type WatchQuery = z.infer<typeof watchQuerySchema>;

/** What the host was last seen to hold of one family. */
export const watchedFamilySchema = z.object({
  revision: revisionSchema,
  rules: z.int(),
  /** when these rules were first seen; they may have been made at any time since `notBefore` */
  seenAt: z.iso.datetime(),
  /** when other rules were last seen; null where these are the first that were */
  notBefore: z.iso.datetime().nullable(),
  /** the program that made the last change, where nft has told; legacy never does */
  madeBy: z.object({ pid: z.int(), name: z.string() }).nullable(),
  /** whether they are other rules than Moru has left; null where it has not changed any on this host */
  outside: z.boolean().nullable(),
  /** the file for the next boot, compared with what runs */
  saved: savedRulesSchema,
  /** when the chains of other programs (bans of SSHGUARD, for one) were last seen to change; null for not since */
  foreignChangedAt: z.iso.datetime().nullable(),
  /** likewise for the rules of the back end that `iptables` does not speak to */
  otherBackendChangedAt: z.iso.datetime().nullable(),
});
export type WatchedFamily = z.infer<typeof watchedFamilySchema>;

/** How changes are noticed. */
export const watchSourceSchema = z.object({
  /** the xtables lock, which every change of legacy opens; nft's own events; the rules files */
  what: z.enum(['legacy', 'nft', 'files']),
  /** `events`: at once; `polling`: at the next look; `off`: the host does not have it */
  how: z.enum(['events', 'polling', 'off']),
  /** why it is not by events, in English; null where it is */
  reason: z.string().nullable(),
});
export type WatchSource = z.infer<typeof watchSourceSchema>;

/** The routes as they were last seen; not among the sources, whose list an older console reads strictly. */
export const watchedRoutesSchema = z.object({
  /** as `routingStateSchema` has it */
  revision: revisionSchema,
  seenAt: z.iso.datetime(),
  how: watchSourceSchema.shape.how,
  /** why changes are not told by events, in English; null where they are */
  reason: z.string().nullable(),
});
export type WatchedRoutes = z.infer<typeof watchedRoutesSchema>;

export const watchStateSchema = z.object({
  /** another one whenever anything below is another */
  mark: z.string(),
  /** null where the rules cannot be read */
  ipv4: watchedFamilySchema.nullable(),
  ipv6: watchedFamilySchema.nullable(),
  /** null where they were not seen yet, and of an agent that does not watch them */
  routes: watchedRoutesSchema.nullable().default(null),
  sources: z.array(watchSourceSchema),
  /** seconds between two looks that are made without any event */
  pollSeconds: z.int(),
});
export type WatchState = z.infer<typeof watchStateSchema>;
