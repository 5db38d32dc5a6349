import { randomBytes } from 'node:crypto';
import {
  type Family,
  familySchema,
  type WatchedFamily,
  type WatchSource,
  type WatchState,
  watchLimits,
} from '@moru/types';
import { rulesFileOf } from '../firewall/outputs.ts';
import type { Iptables } from '../firewall/tools.ts';
import { log, messageOf } from '../log.ts';
import { GateFull } from '../process/gate.ts';
import type { TrialHost } from '../trial/host.ts';
import type { Source } from './follow.ts';
import { noteMade, readLeft } from './left-rules.ts';
import { identityOf, type Look, lookAt } from './look.ts';
import { Pace, retryMs } from './pace.ts';
import { RouteWatch } from './route-watch.ts';
import { fileSource, legacySource, type Maker, nftSource } from './sources.ts';

/** When each block was first seen, and last not; null for those that were there at the first look. */
export type Bans = ReadonlyMap<string, { seenAt: string | null; notBefore: string | null }>;

/** What reading a family whole tells. */
export type ReadFamily = (family: Family) => Promise<Pick<WatchedFamily, 'revision' | 'saved'>>;

/** So much later nft may tell who made a change that a look met before. Legacy never tells. */
const lateMs = 2_000;

function isLate({ version }: Iptables, seenAt: string): boolean {
  return version.backend === 'nf_tables' && Date.now() - Date.parse(seenAt) < lateMs;
}

interface Seen extends Look {
  /** identity of the rules file */
  file: string;
  told: WatchedFamily;
  bans: Bans;
}

/**
 * Looks at the rules whenever something tells that they may have changed, and seldom without that; of the rules
 * themselves it keeps nothing. `sized` is told the bytes of the larger family's dump at each look.
 */
export class Watch {
  private readonly host: TrialHost;
  private readonly readFamily: ReadFamily;
  private readonly sized: (bytes: number) => void;
  private readonly epoch = randomBytes(4).toString('hex');
  private readonly seen = new Map<Family, Seen>();
  private readonly lookedAt = new Map<Family, string>();
  /** of the last dump of each family; a look that fails tells nothing of it */
  private readonly bytes = new Map<Family, number>();
  /** looks in a row that have failed */
  private readonly failures = new Map<Family, number>();
  private readonly waiting = new Set<() => void>();
  private readonly pace = new Pace(() => this.look());
  private readonly routes = new RouteWatch(() => this.tell());
  private sources: { what: WatchSource['what']; source: Source }[] = [];
  private serial = 0;
  private maker: Maker | null = null;
  private closed = false;
  /** settles once the rules were looked at for the first time */
  private readonly first: Promise<void>;
  private firstDone = () => {};

  constructor(host: TrialHost, readFamily: ReadFamily, sized: (bytes: number) => void) {
    this.first = new Promise((resolve) => {
      this.firstDone = resolve;
    });
    this.host = host;
    this.readFamily = readFamily;
    this.sized = sized;
  }

  start(): void {
    const told = (maker: Maker | null) => {
      this.maker = maker ?? this.maker;
      this.pace.hurry();
    };
    const { tools, config } = this.host;
    const isLegacy = async () => (await tools.of('ipv4')).version.backend === 'legacy';
    const files = familySchema.options.map((family) => rulesFileOf(family, config.rulesFile));
    this.sources = [
      { what: 'legacy', source: legacySource(isLegacy, told) },
      { what: 'nft', source: nftSource(told) },
      { what: 'files', source: fileSource(files, told) },
    ];
    this.routes.start();
    this.pace.hurry();
  }

  /** Something is about to be changed here; to be called once it was, or may have been. */
  changing(): () => void {
    return this.pace.hold();
  }

  /** The state once its mark is another than `after`, or the wait is over. Throws GateFull. */
  async state(after: string | undefined, waitMs: number): Promise<WatchState> {
    await Promise.all([this.first, this.routes.first]);
    if (after === this.mark() && waitMs > 0 && !this.closed) {
      if (this.waiting.size >= watchLimits.waiters) throw new GateFull();
      await new Promise<void>((resolve) => {
        const done = () => {
          clearTimeout(timer);
          this.waiting.delete(done);
          resolve();
        };
        const timer = setTimeout(done, waitMs);
        this.waiting.add(done);
      });
    }
    return {
      mark: this.mark(),
      ipv4: this.seenOf('ipv4'),
      ipv6: this.seenOf('ipv6'),
      routes: this.routes.state(),
      sources: this.sources.map(({ what, source }) => ({ what, ...source.state() })),
      pollSeconds: Math.round(this.pace.pollMs / 1000),
    };
  }

  /** What a family was last seen to hold; null where it was not, or cannot be read. */
  seenOf(family: Family): WatchedFamily | null {
    return this.seen.get(family)?.told ?? null;
  }

  /** Names of all chains of a family when it was last looked at. */
  chains(family: Family): ReadonlySet<string> {
    return this.seen.get(family)?.print.chains ?? new Set();
  }

  bans(family: Family): Bans {
    return this.seen.get(family)?.bans ?? new Map();
  }

  /**
   * Changes whose chains are ours: the same rules then have another revision, and are still those that Moru has left
   * where they were before.
   */
  async remark(act: () => Promise<void>): Promise<void> {
    const ours = familySchema.options.filter((family) => this.seen.get(family)?.told.outside === false);
    await act();
    for (const family of ours) {
      const { revision } = await this.readFamily(family);
      await noteMade(this.host.config.stateFolder, family, revision);
    }
    this.pace.hurry();
  }

  close(): void {
    this.closed = true;
    this.pace.close();
    this.routes.close();
    for (const { source } of this.sources) source.close();
    this.firstDone();
    for (const done of this.waiting) done();
  }

  private mark(): string {
    return `${this.epoch}.${this.serial}`;
  }

  /** Milliseconds until those that cannot be looked at are to be tried again. */
  private async look(): Promise<number> {
    const early = this.maker;
    this.maker = null;
    // who made a change may be told while the rules are being read
    const maker = () => this.maker ?? early;
    this.pace.told = this.sources.every(({ source }) => source.state().how !== 'polling');
    const left = await readLeft(this.host).catch(() => ({}));
    for (const family of familySchema.options) {
      try {
        this.take(family, await this.lookAtFamily(family, maker, left));
        this.failures.delete(family);
      } catch (error) {
        // no such family on this host, or trouble that whoever asks for the rules is told of
        if (this.seen.has(family))
          log.info('the rules cannot be looked at', { family, reason: messageOf(error) });
        this.take(family, null);
        this.failures.set(family, (this.failures.get(family) ?? 0) + 1);
      }
    }
    this.firstDone();
    return retryMs(Math.min(...this.failures.values()));
  }

  private async lookAtFamily(
    family: Family,
    maker: () => Maker | null,
    left: Awaited<ReturnType<typeof readLeft>>,
  ): Promise<Seen> {
    const before = this.seen.get(family);
    const path = rulesFileOf(family, this.host.config.rulesFile);
    const tools = await this.host.tools.of(family);
    const [look, file] = await Promise.all([lookAt(tools), identityOf(path)]);
    const now = new Date().toISOString();
    this.bytes.set(family, look.print.bytes);
    this.sized(Math.max(...this.bytes.values()));
    const known = before?.print.owned === look.print.owned && before.file === file;
    const { revision, saved } = known ? before.told : await this.readFamily(family);
    const same = before?.told.revision === revision ? before.told : null;
    const stamp = (field: 'foreignChangedAt' | 'otherBackendChangedAt', was: unknown, is: unknown) =>
      before && was !== is ? now : (before?.told[field] ?? null);
    const told: WatchedFamily = {
      revision,
      saved,
      rules: look.print.rules,
      seenAt: same?.seenAt ?? now,
      notBefore: same ? same.notBefore : (this.lookedAt.get(family) ?? null),
      madeBy: same ? (same.madeBy ?? (isLate(tools, same.seenAt) ? maker() : null)) : maker(),
      outside: left[family] ? !left[family].includes(revision) : null,
      foreignChangedAt: stamp('foreignChangedAt', before?.print.foreign, look.print.foreign),
      otherBackendChangedAt: stamp('otherBackendChangedAt', before?.other, look.other),
    };
    const notBefore = this.lookedAt.get(family) ?? null;
    const fresh = before ? { seenAt: now, notBefore } : { seenAt: null, notBefore: null };
    const bans: Bans = new Map([...look.print.bans].map((rule) => [rule, before?.bans.get(rule) ?? fresh]));
    this.lookedAt.set(family, now);
    return { ...look, file, told, bans };
  }

  private take(family: Family, next: Seen | null): void {
    const before = this.seen.get(family);
    if (next) this.seen.set(family, next);
    else this.seen.delete(family);
    if (JSON.stringify(next?.told) === JSON.stringify(before?.told)) return;
    this.tell();
  }

  private tell(): void {
    this.serial += 1;
    for (const done of this.waiting) done();
  }
}
