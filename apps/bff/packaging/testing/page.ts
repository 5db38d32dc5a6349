import { readFile } from 'node:fs/promises';

const page = new URL('../../../../docs/installation.en.md', import.meta.url);

/**
 * The code blocks that the installation page has below a heading and before the next one, as they are written but for
 * what stands there for a reader's own values. Rejects where the page has no such heading or value any more.
 */
export async function blocksOf(heading: string, values: Record<string, string> = {}): Promise<string[]> {
  const text = await readFile(page, 'utf8');
  const start = text.search(new RegExp(`^#+ ${heading}$`, 'm'));
  if (start === -1) throw new Error(`the installation page has no part ${heading}`);
  const part = text.slice(start).replace(/^.*\n/, '');
  // a comment of a settings file begins as a heading does
  const own = /^(?:```[\s\S]*?^```\n|(?!#).*\n)*/m.exec(part)?.[0] ?? '';
  const blocks = [...own.matchAll(/^```\n([\s\S]*?)^```$/gm)].map(([, block = '']) => block);
  for (const name of Object.keys(values)) {
    if (!blocks.some((block) => block.includes(name)))
      throw new Error(`nothing below ${heading} says ${name}`);
  }
  return blocks.map((block) =>
    Object.entries(values).reduce((filled, [name, value]) => filled.replaceAll(name, value), block),
  );
}
