import { createHmac, hkdfSync, timingSafeEqual } from 'node:crypto';
import { appendFile, readFile } from 'node:fs/promises';
import { z } from 'zod';
import type { ChainPlace } from './chain.ts';

/**
 * Heads of the chain that are kept outside the store, signed: whoever rewrites the store cannot rewrite them
 * (reference/security.md T13), and a lost store goes on from them (F7).
 */
export interface Anchors {
  /** adds the head as a line of the file */
  keep(head: ChainPlace): Promise<void>;
  /** every line that bears our signature; an empty list without a file */
  read(): Promise<ChainPlace[]>;
}

const lineSchema = z.object({ seq: z.int(), hash: z.string(), at: z.string(), signature: z.string() });

/** The key for signatures is derived, so that it is of no use for the sealed tokens. */
export function createAnchors(file: string, secretKey: Buffer): Anchors {
  const key = Buffer.from(hkdfSync('sha256', secretKey, '', 'moru audit anchor', 32));
  const sign = ({ seq, hash, at }: ChainPlace & { at: string }) =>
    createHmac('sha256', key).update(`${seq} ${hash} ${at}`).digest();

  const placeOf = (line: string): ChainPlace | null => {
    let content: unknown;
    try {
      content = JSON.parse(line);
    } catch {
      // a line that a crash cut short
      return null;
    }
    const parsed = lineSchema.safeParse(content);
    if (!parsed.success) return null;
    const given = Buffer.from(parsed.data.signature, 'hex');
    const expected = sign(parsed.data);
    if (given.length !== expected.length || !timingSafeEqual(given, expected)) return null;
    return { seq: parsed.data.seq, hash: parsed.data.hash };
  };

  return {
    async keep({ seq, hash }) {
      const at = new Date().toISOString();
      const signature = sign({ seq, hash, at }).toString('hex');
      await appendFile(file, `${JSON.stringify({ seq, hash, at, signature })}\n`, {
        mode: 0o600,
        flush: true,
      });
    },
    async read() {
      const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
        if (error.code === 'ENOENT') return '';
        throw error;
      });
      return text.split('\n').flatMap((line) => (line === '' ? [] : (placeOf(line) ?? [])));
    },
  };
}
