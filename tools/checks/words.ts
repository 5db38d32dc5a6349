import { parseSync, Visitor } from 'oxc-parser';
import { type Check, type Finding, isTest, lineAt, type SourceFile } from './sources.ts';

const catalogues = ['apps/console/src/i18n/ko.ts', 'apps/console/src/i18n/en.ts'] as const;
/** A catalogue may be spread over files of the same language: ko.ts, firewall.ko.ts … */
const languageFile = (path: string) => /\/i18n\/(?:[a-z-]+\.)?(ko|en)\.ts$/.exec(path)?.[1];
/** Attributes whose text a person reads or hears. */
const spoken = new Set(['aria-label', 'title', 'placeholder', 'alt', 'label', 'description']);
const letters = /\p{Letter}{2,}/u;
/** A particle right after a variable is wrong for half of all words: the catalogue writes around it. */
const particle = /\}\}(을|를|이|가|은|는|와|과|으로|로)(?![가-힣])/;

export const words: Check = {
  name: 'words',
  mend: 'put every text that a person reads into both catalogues, with equal keys, and use each of them',
  run(files) {
    const console = files.filter((file) => file.path.startsWith('apps/console/src/') && !isTest(file.path));
    const [ko, en] = [catalogueOf(console, 'ko'), catalogueOf(console, 'en')];
    if (ko.size === 0 || en.size === 0)
      return catalogues.map((path) => ({ path, text: 'no words were found' }));
    const code = console.filter((file) => !file.path.includes('/i18n/'));
    return [
      ...difference(ko, en, catalogues[1], 'missing'),
      ...difference(en, ko, catalogues[0], 'missing'),
      ...unused(ko, code),
      ...[...ko].flatMap(([key, text]) =>
        particle.test(text)
          ? [{ path: catalogues[0], text: `${key}: particle after a variable: ${text}` }]
          : [],
      ),
      ...code.filter((file) => file.path.endsWith('.tsx')).flatMap(literalText),
    ];
  },
};

function catalogueOf(files: SourceFile[], language: string): Map<string, string> {
  return new Map(
    files.filter(({ path }) => languageFile(path) === language).flatMap((file) => [...keysOf(file)]),
  );
}

/** The flattened keys of a catalogue file, read from its object literal. */
function keysOf(file: SourceFile): Map<string, string> {
  const keys = new Map<string, string>();
  const { program } = parseSync(file.path, file.text);
  const flatten = (node: Node, prefix: string): void => {
    if (node.type === 'TSAsExpression' || node.type === 'TSSatisfiesExpression')
      flatten(node.expression, prefix);
    if (node.type !== 'ObjectExpression') return;
    for (const property of node.properties) {
      if (property.type !== 'Property') continue;
      const name = property.key.name ?? String(property.key.value);
      const path = prefix ? `${prefix}.${name}` : name;
      if (property.value.type === 'ObjectExpression') flatten(property.value, path);
      else keys.set(path, file.text.slice(property.value.start, property.value.end));
    }
  };
  for (const statement of program.body as unknown as Node[]) {
    const declaration = statement.declaration ?? statement;
    for (const variable of declaration.declarations ?? []) if (variable.init) flatten(variable.init, '');
  }
  return keys;
}

// biome-ignore lint/suspicious/noExplicitAny: oxc's node union is walked by property, not by class
type Node = any;

function difference(
  from: Map<string, string>,
  to: Map<string, string>,
  path: string,
  what: string,
): Finding[] {
  // English has two plural forms where Korean has one
  const base = (key: string) => key.replace(/_(one|other)$/, '');
  const present = new Set([...to.keys()].map(base));
  return [...from.keys()]
    .filter((key) => !present.has(base(key)))
    .map((key) => ({ path, text: `${what}: ${key}` }));
}

/** A key counts as used when the code holds it whole, or as the fixed beginning of a template. */
function unused(keys: Map<string, string>, code: SourceFile[]): Finding[] {
  const all = code.map((file) => file.text).join('\n');
  const prefixes = [...all.matchAll(/`([a-zA-Z]\w*\.[\w.]*)\$\{/g)].map((match) => match[1] ?? '');
  return [...keys.keys()]
    .map((key) => key.replace(/_(one|other)$/, ''))
    .filter((key) => !all.includes(`'${key}'`) && !all.includes(`\`${key}\``) && !all.includes(`"${key}"`))
    .filter((key) => !prefixes.some((prefix) => key.startsWith(prefix)))
    .map((key) => ({ path: catalogues[0], text: `unused: ${key}` }));
}

function literalText(file: SourceFile): Finding[] {
  const findings: Finding[] = [];
  const report = (offset: number, text: string) =>
    findings.push({ path: file.path, line: lineAt(file.text, offset), text: `literal text: ${text.trim()}` });
  const { program } = parseSync(file.path, file.text);
  // names of the tool (filter, INPUT) stay as they are in both languages, and say so to a translator too
  let untranslated = 0;
  const isUntranslated = (node: Node): boolean =>
    node.openingElement.attributes.some(
      (attribute: Node) => attribute.name?.name === 'translate' && attribute.value?.value === 'no',
    );
  new Visitor({
    JSXElement(node) {
      if (isUntranslated(node)) untranslated += 1;
    },
    'JSXElement:exit'(node) {
      if (isUntranslated(node)) untranslated -= 1;
    },
    JSXText(node) {
      if (untranslated === 0 && letters.test(node.value.replace(/&\w+;/g, '')))
        report(node.start, node.value);
    },
    JSXAttribute(node) {
      const value = node.value;
      if (node.name.type !== 'JSXIdentifier' || !spoken.has(node.name.name)) return;
      if (value?.type === 'Literal' && typeof value.value === 'string' && letters.test(value.value)) {
        report(node.start, value.value);
      }
    },
  }).visit(program);
  return findings;
}
