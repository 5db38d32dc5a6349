import { familySchema, type WatchedRoutes } from '@moru/types';
import { log, messageOf } from '../log.ts';
import { findProgram } from '../process/find.ts';
import { readRoutes } from '../routing/read.ts';
import { revisionOf } from '../routing/revision.ts';
import { follow, type Source } from './follow.ts';

/** After the first sign: an interface that comes up brings several routes. */
const settleMs = 200;
/** Between two looks, however much is told: a routing daemon may change routes all the time. */
const gapMs = 1_000;

/** Looks at the routes whenever `ip monitor` tells of a change; of the routes it keeps their revision alone. */
export class RouteWatch {
  private readonly changed: () => void;
  private source: Source | null = null;
  private revision: string | null = null;
  private seenAt: string | null = null;
  private timer: NodeJS.Timeout | null = null;
  private lookedAt = Number.NEGATIVE_INFINITY;
  private closed = false;
  /** settles once the routes were looked at for the first time */
  first: Promise<void> = Promise.resolve();

  constructor(changed: () => void) {
    this.changed = changed;
  }

  start(): void {
    this.first = this.look();
    this.source = follow(
      'routes',
      async () => {
        const program = findProgram('ip');
        if (!program) return { reason: 'ip (package iproute2) is not there', off: false };
        return { program, args: ['monitor', 'route', 'rule', 'address'] };
      },
      () => this.hurry(),
    );
  }

  state(): WatchedRoutes | null {
    if (this.revision === null || this.seenAt === null) return null;
    const { how, reason } = this.source?.state() ?? { how: 'off', reason: null };
    return { revision: this.revision, seenAt: this.seenAt, how, reason };
  }

  close(): void {
    this.closed = true;
    if (this.timer) clearTimeout(this.timer);
    this.source?.close();
  }

  private hurry(): void {
    if (this.timer || this.closed) return;
    const wait = Math.max(settleMs, this.lookedAt + gapMs - performance.now());
    this.timer = setTimeout(() => void this.look(), wait).unref();
  }

  private async look(): Promise<void> {
    // what is told from here on is not seen by this look
    this.timer = null;
    this.lookedAt = performance.now();
    try {
      const routes = await Promise.all(familySchema.options.map((family) => readRoutes(family)));
      const revision = revisionOf(routes.flat());
      if (revision === this.revision) return;
      this.revision = revision;
      this.seenAt = new Date().toISOString();
      this.changed();
    } catch (error) {
      // whoever asks for the routes is told of the trouble
      log.info('the routes cannot be looked at', { reason: messageOf(error) });
    }
  }
}
