import { createHash } from 'node:crypto';
import { watchCounters } from '../firewall/rules.ts';
import { ownerOf } from '../foreign/ownership.ts';
import { runProgram } from '../process/start.ts';

/** What tells two dumps of rules apart, without the rules: the agent looks often and keeps nothing of them. */
export interface DumpPrint {
  /**
   * SHA-256 of the lines of our own chains, and of those of other programs; without counters and dates. It changes
   * with every change of a revision, and now and then without one: legacy shows a table once somebody has looked at it.
   */
  owned: string;
  foreign: string;
  rules: number;
  bytes: number;
  /** names of all chains, of whatever table */
  chains: Set<string>;
  /** what SSHGUARD blocks: rules of its chain, at most so many as a host can list */
  bans: Set<string>;
}

const banHead = '-A sshguard ';
/** Some 300 kB of text; a list that is longer has no ages behind that. */
const maxBans = 5_000;

/** Text that is hashed at a time. */
const heldLength = 32 * 1024;

/** One side of the print. */
class LineHash {
  private readonly hash = createHash('sha256');
  private held = '';

  add(line: string): void {
    this.held += `${line}\n`;
    if (this.held.length > heldLength) this.flush();
  }

  private flush(): void {
    this.hash.update(this.held, 'latin1');
    this.held = '';
  }

  digest(): string {
    this.flush();
    return this.hash.digest('hex');
  }
}

/** Takes a dump of `iptables-save -c` as it comes. A line that a rule's comment made is hashed like any other. */
export class DumpReader {
  private readonly owned = new LineHash();
  private readonly foreign = new LineHash();
  private readonly chains = new Set<string>();
  private readonly bans = new Set<string>();
  private rules = 0;
  private bytes = 0;
  private rest = '';
  /** the chain of the last rule: those of one chain stand together */
  private chain = '';
  private chainHash = this.owned;

  feed(chunk: Buffer): void {
    this.bytes += chunk.length;
    const text = this.rest + chunk.toString('latin1');
    let from = 0;
    for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', from)) {
      this.line(text.slice(from, end));
      from = end + 1;
    }
    this.rest = text.slice(from);
  }

  end(): DumpPrint {
    if (this.rest !== '') this.line(this.rest);
    const { rules, bytes, chains, bans } = this;
    return { owned: this.owned.digest(), foreign: this.foreign.digest(), rules, bytes, chains, bans };
  }

  private line(line: string): void {
    const first = line[0];
    if (first === ':') this.header(line);
    else if (first === '[') this.rule(line.slice(line.indexOf('] ') + 2));
    else if (first === '*') this.table(line);
    else if (first !== '#' && first !== undefined) this.rule(line);
  }

  private table(line: string): void {
    this.chain = '';
    this.owned.add(line);
  }

  private header(line: string): void {
    const name = line.slice(1, line.indexOf(' '));
    this.chains.add(name);
    this.hashOf(name).add(line.slice(0, line.lastIndexOf(' [')));
  }

  private rule(rule: string): void {
    if (rule.startsWith('-A ')) {
      this.rules += 1;
      const end = rule.indexOf(' ', 3);
      const name = end < 0 ? rule.slice(3) : rule.slice(3, end);
      if (name !== this.chain) {
        this.chain = name;
        this.chainHash = this.hashOf(name);
      }
    }
    if (rule.startsWith(banHead) && this.bans.size < maxBans) this.bans.add(rule.slice(banHead.length));
    this.chainHash.add(rule);
  }

  private hashOf(chain: string): LineHash {
    return ownerOf(chain) === null ? this.owned : this.foreign;
  }
}

const limits = { timeoutMs: 10_000, maxBytes: 0 };

/** Reads the rules of a program such as `iptables-save`; null when it fails. Throws ProgramMissing. */
export async function printOf(save: string): Promise<DumpPrint | null> {
  const reader = new DumpReader();
  const { exitCode } = await runProgram(save, [watchCounters], {
    ...limits,
    sink: (chunk) => reader.feed(chunk),
  });
  return exitCode === 0 ? reader.end() : null;
}
