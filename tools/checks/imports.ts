import { posix } from 'node:path';
import { parseSync } from 'oxc-parser';
import { type Check, type Finding, isSource, isTest, lineAt, type SourceFile } from './sources.ts';

/** Who may import which workspace packages at run time (design of the house). Test files may use more. */
const allowed: Record<string, string[]> = {
  'packages/types': [],
  'packages/kakaocloud': [],
  'packages/netfilter': [],
  'packages/enrolment': ['types'],
  'packages/hosts': ['types', 'netfilter', 'enrolment'],
  'packages/stack': ['hosts', 'types'],
  'packages/flows': ['stack', 'types'],
  'packages/packaging': [],
  'apps/console': ['types', 'netfilter'],
  'apps/bff': ['types', 'netfilter', 'kakaocloud', 'enrolment', 'packaging'],
  'apps/agent': ['types', 'netfilter', 'enrolment', 'packaging'],
  'apps/cloud': ['kakaocloud', 'hosts'],
};

/** What packages may take from outside; absent: anything that their package.json names. */
const outside: Record<string, string[]> = {
  'packages/types': ['zod'],
  'packages/kakaocloud': ['zod'],
  'packages/netfilter': [],
};

export const imports: Check = {
  name: 'imports',
  mend: 'import only what tools/checks/imports.ts allows that room; move shared code to the package both may import',
  run: (files) =>
    files.filter(isSource).flatMap((file) => [...importFindings(file), ...barrelFindings(file)]),
};

function importFindings(file: SourceFile): Finding[] {
  const home = homeOf(file.path);
  if (!home) return [];
  const test = isTest(file.path);
  const { module } = parseSync(file.path, file.text);
  const named = [...module.staticImports, ...module.staticExports.flatMap((e) => e.entries)].flatMap(
    (entry) => ('moduleRequest' in entry && entry.moduleRequest ? [entry.moduleRequest] : []),
  );
  const called = module.dynamicImports.map(({ moduleRequest: { start, end } }) => ({
    start,
    value: /^(['"`])(.*)\1$/.exec(file.text.slice(start, end))?.[2] ?? '(not a literal)',
  }));
  const requests = [...named, ...called];
  return requests.flatMap((request) => {
    const reason = refusal(home, file.path, request.value, test);
    return reason
      ? [{ path: file.path, line: lineAt(file.text, request.start), text: `${request.value}: ${reason}` }]
      : [];
  });
}

function refusal(home: string, path: string, request: string, test: boolean): string | undefined {
  if (request === '(not a literal)') return 'what it loads cannot be checked';
  if (request.startsWith('.')) {
    const target = posix.join(posix.dirname(path), request);
    return homeOf(target) === home ? undefined : 'reaches into another room';
  }
  const workspace = /^@moru\/([a-z]+)/.exec(request)?.[1];
  if (workspace) {
    const own = home.endsWith(`/${workspace}`);
    return own || test || allowed[home]?.includes(workspace) ? undefined : `${home} may not import it`;
  }
  const limits = outside[home];
  // a package's command-line program is for Node, whatever the library beside it is for
  const program = path.startsWith(`${home}/src/program/`) && request.startsWith('node:');
  if (!limits || test || program || limits.some((name) => request === name || request.startsWith(`${name}/`)))
    return undefined;
  return `${home} takes nothing from outside but ${limits.join(', ') || 'nothing'}`;
}

function barrelFindings(file: SourceFile): Finding[] {
  if (!file.path.startsWith('apps/') || !file.path.endsWith('/index.ts')) return [];
  return [{ path: file.path, text: 'an index.ts inside an app hides where things are' }];
}

function homeOf(path: string): string | undefined {
  return /^((?:apps|packages)\/[^/]+)\//.exec(path)?.[1];
}
