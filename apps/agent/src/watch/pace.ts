/** After the first sign of a change: what one command changes comes in several. */
const settleMs = 150;
/** A look that took 0.3 s is not repeated before 3 s, however much is told meanwhile; but somebody may be waiting. */
const gapPerCost = 10;
const gapMs = { shortest: 300, longest: 5_000 } as const;

/** A change that takes longer than this waits for a lock or a guard, and others may be at work meanwhile. */
const heldMs = 2_000;

/**
 * Looks without a sign take at most 0.05 % of a processor (the cost of one is its wall time, which is more), and come
 * the more often the less is told: what is told may have been missed, as a restore of 1.6.1, which opens no lock.
 */
const pollPerCost = 2_000;
const pollMs = { told: 300_000, untold: 10_000, longest: 3_600_000 } as const;

/** After a look that failed, as nothing tells that another one would not; its doubles soon are those without a sign. */
const firstRetryMs = 3_000;

/** Before looking again at what has failed so many times in a row; none have where that is not finite. */
export function retryMs(failures: number): number {
  return firstRetryMs * 2 ** (failures - 1);
}

/** When to look: soon after a sign, at a bounded cost, and now and then without one. */
export class Pace {
  private readonly look: () => Promise<number>;
  private timer: NodeJS.Timeout | null = null;
  private dueAt = Number.POSITIVE_INFINITY;
  private busy = false;
  private again = false;
  private endedAt = Number.NEGATIVE_INFINITY;
  private cost = 0;
  private closed = false;
  private held = 0;
  private heldUntil = 0;
  /** whether every change is told */
  told = true;

  /** `look` tells after how many milliseconds it is to be tried again, or Infinity. */
  constructor(look: () => Promise<number>) {
    this.look = look;
  }

  /**
   * Puts looks off while something is being changed here, for a while at most: what tells of the change would start
   * programs beside those that make it, for rules of the middle of it. Ends with a look, as often as it is called.
   */
  hold(): () => void {
    if (this.held++ === 0) this.heldUntil = performance.now() + heldMs;
    let holds = true;
    return () => {
      if (holds) this.held -= 1;
      holds = false;
      this.hurry();
    };
  }

  /** Something may have changed. */
  hurry(): void {
    if (this.busy) this.again = true;
    else this.due(Math.max(performance.now() + settleMs, this.endedAt + this.gap()));
  }

  /** Between two looks that nothing has asked for, in milliseconds. */
  get pollMs(): number {
    const least = this.told ? pollMs.told : pollMs.untold;
    return Math.min(Math.max(this.cost * pollPerCost, least), pollMs.longest);
  }

  close(): void {
    this.closed = true;
    if (this.timer) clearTimeout(this.timer);
  }

  private gap(): number {
    return Math.min(Math.max(this.cost * gapPerCost, gapMs.shortest), gapMs.longest);
  }

  private due(at: number): void {
    if (this.closed || at >= this.dueAt) return;
    if (this.timer) clearTimeout(this.timer);
    this.dueAt = at;
    this.timer = setTimeout(() => void this.run(), Math.max(0, at - performance.now())).unref();
  }

  private async run(): Promise<void> {
    this.dueAt = Number.POSITIVE_INFINITY;
    if (this.held > 0 && performance.now() < this.heldUntil) return this.due(this.heldUntil);
    this.busy = true;
    this.again = false;
    const began = performance.now();
    const retry = await this.look();
    this.busy = false;
    this.endedAt = performance.now();
    const cost = this.endedAt - began;
    // a busy machine makes one look long; what was cheap once is cheap
    this.cost = this.cost === 0 ? cost : Math.min(cost, this.cost * 1.5);
    this.due(this.endedAt + Math.min(this.pollMs, Math.max(retry, this.gap())));
    if (this.again) this.hurry();
  }
}
