import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Backend } from '../../testing/real-tool.ts';

/** A packet with the way it is sent. */
export interface WirePacket {
  /** 0 to 3: comes in by eth0, eth1, lan0, lan10; 4 and 5: sent by the machine itself through wan0, wan1 */
  line: number;
  /** of the sending socket; also its group */
  user: number;
  mark: number;
  bytes: Buffer;
}

/** One netlink message: kind and what stands behind its header. */
export interface NetlinkMessage {
  kind: number;
  body: Buffer;
}

const patience = 60_000;

/** The machine under test, kept by `bridge.py`; it ends with the process. Needs root. */
export class TestKernel {
  private readonly child: ChildProcess;
  private pending: Buffer = Buffer.alloc(0);
  private readonly arrived: { kind: string; data: Buffer }[] = [];
  private wake: (() => void) | null = null;
  private ended = false;

  private constructor(child: ChildProcess) {
    this.child = child;
    child.stdout?.on('data', (chunk: Buffer) => this.take(chunk));
    child.once('exit', () => {
      this.ended = true;
      this.wake?.();
    });
  }

  static async start(): Promise<TestKernel> {
    const script = fileURLToPath(new URL('bridge.py', import.meta.url));
    const child = spawn('unshare', ['--net', '--mount', '/usr/bin/python3', script], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    const kernel = new TestKernel(child);
    await kernel.answer();
    return kernel;
  }

  /** Loads a restore file; null when the tool took it, else what it said. Connections are forgotten. */
  async load(backend: Backend, rules: string): Promise<string | null> {
    this.send(backend === 'legacy' ? 'L' : 'N', Buffer.from(rules));
    const answer = await this.answer();
    return answer.readInt32LE(0) === 0 ? null : answer.toString('utf8', 4);
  }

  /** The messages in which the kernel lists nft's rules. */
  async nftRules(): Promise<NetlinkMessage[]> {
    this.send('H', Buffer.alloc(0));
    const found: NetlinkMessage[] = [];
    for (;;) {
      const { kind, data } = await this.next();
      if (kind === 'e') return found;
      if (kind === 'h') found.push(...messagesOf(data));
    }
  }

  /** Sends packets and hands on what is logged, until `last` says that all has come. */
  async traced(packets: readonly WirePacket[], take: (message: NetlinkMessage) => boolean): Promise<void> {
    this.send('P', Buffer.concat(packets.map(encode)));
    for (;;) {
      const { kind, data } = await this.next();
      if (kind !== 'd') throw new Error(`unexpected answer ${kind}`);
      let done = false;
      for (const message of messagesOf(data)) done = take(message) || done;
      if (done) return;
    }
  }

  async stop(): Promise<void> {
    if (this.ended) return;
    const exit = once(this.child, 'exit');
    this.child.stdin?.end();
    await exit;
  }

  private send(kind: string, data: Buffer): void {
    const head = Buffer.alloc(5);
    head.write(kind, 0, 'latin1');
    head.writeUInt32LE(data.length, 1);
    this.child.stdin?.write(Buffer.concat([head, data]));
  }

  private take(chunk: Buffer): void {
    this.pending = this.pending.length === 0 ? chunk : Buffer.concat([this.pending, chunk]);
    let at = 0;
    while (this.pending.length - at >= 5) {
      const length = this.pending.readUInt32LE(at + 1);
      if (this.pending.length - at < 5 + length) break;
      const kind = this.pending.toString('latin1', at, at + 1);
      this.arrived.push({ kind, data: this.pending.subarray(at + 5, at + 5 + length) });
      at += 5 + length;
    }
    this.pending = this.pending.subarray(at);
    this.wake?.();
  }

  private async next(): Promise<{ kind: string; data: Buffer }> {
    for (;;) {
      const found = this.arrived.shift();
      if (found) return found;
      if (this.ended) throw new Error('bridge.py has ended');
      await new Promise<void>((resolve, reject) => {
        const timer = setTimeout(() => reject(new Error('no answer of bridge.py')), patience);
        this.wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
      this.wake = null;
    }
  }

  /** The answer of a tool; what is still logged of packets before is passed by. */
  private async answer(): Promise<Buffer> {
    for (;;) {
      const { kind, data } = await this.next();
      if (kind === 'r') return data;
    }
  }
}

function encode({ line, user, mark, bytes }: WirePacket): Buffer {
  const head = Buffer.alloc(11);
  head.writeUInt8(line, 0);
  head.writeUInt32LE(user, 1);
  head.writeUInt32LE(mark, 5);
  head.writeUInt16LE(bytes.length, 9);
  return Buffer.concat([head, bytes]);
}

const netlinkHeader = 16;

function messagesOf(datagram: Buffer): NetlinkMessage[] {
  const found: NetlinkMessage[] = [];
  for (let at = 0; at + netlinkHeader <= datagram.length; ) {
    const length = datagram.readUInt32LE(at);
    if (length < netlinkHeader) break;
    found.push({
      kind: datagram.readUInt16LE(at + 4),
      body: datagram.subarray(at + netlinkHeader, at + length),
    });
    at += (length + 3) & ~3;
  }
  return found;
}

/** Attributes of a netlink message by number, behind a family header of four bytes. */
export function attributesOf(body: Buffer, from = 4): Map<number, Buffer> {
  const found = new Map<number, Buffer>();
  for (let at = from; at + 4 <= body.length; ) {
    const length = body.readUInt16LE(at);
    if (length < 4) break;
    found.set(body.readUInt16LE(at + 2) & 0x3fff, body.subarray(at + 4, at + length));
    at += (length + 3) & ~3;
  }
  return found;
}
