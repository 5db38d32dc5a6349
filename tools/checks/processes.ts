import { parseSync, Visitor } from 'oxc-parser';
import { type Check, type Finding, isTest, lineAt, type SourceFile } from './sources.ts';

/** Of node:child_process, what hands a line of text to a shell. */
const byShell = new Set(['exec', 'execSync']);

/**
 * No text ever reaches a shell (reference/security.md T2): what ships starts programs with their arguments as a list.
 * Tools of the project itself have the developer's own words only, and are looked at for the same.
 */
export const processes: Check = {
  name: 'processes',
  mend: 'start the program itself, by spawn or execFile, with its arguments as a list',
  run: (files) => files.filter(({ path }) => isShipped(path)).flatMap(findings),
};

const isShipped = (path: string) => /^(apps|packages|tools)\/.*\.(ts|tsx|js)$/.test(path) && !isTest(path);

function findings({ path, text }: SourceFile): Finding[] {
  if (!text.includes('child_process')) return [];
  const { module, program } = parseSync(path, text);
  const of = module.staticImports.filter(({ moduleRequest }) =>
    /^(node:)?child_process$/.test(moduleRequest.value),
  );
  const found: { start: number; text: string }[] = [];
  for (const { entries } of of) {
    for (const { importName, localName } of entries) {
      if (importName.kind !== 'Name') {
        found.push({
          start: localName.start,
          text: 'imports all of child_process, so that nobody sees what is used',
        });
      } else if (byShell.has(importName.name ?? '')) {
        found.push({ start: localName.start, text: `${importName.name} runs its text in a shell` });
      }
    }
  }
  new Visitor({
    Property(node) {
      if (node.key.type !== 'Identifier' || node.key.name !== 'shell') return;
      if (node.value.type === 'Literal' && node.value.value === false) return;
      found.push({ start: node.start, text: 'starts a shell around the program' });
    },
  }).visit(program);
  return found.map(({ start, text: words }) => ({ path, line: lineAt(text, start), text: words }));
}
