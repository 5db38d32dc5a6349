import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('../..', import.meta.url));

/** One thing that a check found, with the place and how to mend it. */
export interface Finding {
  path: string;
  line?: number;
  text: string;
}

export interface Check {
  name: string;
  /** one line for whoever meets a finding */
  mend: string;
  run(files: SourceFile[]): Finding[];
}

export interface SourceFile {
  /** from the root, with slashes */
  path: string;
  text: string;
}

/** Every tracked or new file that git does not ignore, as text. */
export function projectFiles(): SourceFile[] {
  const listing = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
    cwd: root,
  });
  const paths = [...new Set(listing.toString().split('\0').filter(Boolean))];
  return paths.flatMap((path) => {
    if (/\.(png|ico|woff2?)$/.test(path)) return [];
    try {
      return [{ path, text: readFileSync(`${root}${path}`, 'utf8') }];
    } catch {
      return []; // removed from the work tree, not yet from the index
    }
  });
}

export const isSource = (file: SourceFile) => /^(apps|packages|tools)\/.*\.(ts|tsx)$/.test(file.path);
export const isTest = (path: string) => /\.(test|spec|flow)\.tsx?$|\/(testing|fixtures)\//.test(path);

export function lineAt(text: string, offset: number): number {
  let line = 1;
  for (let at = text.indexOf('\n'); at !== -1 && at < offset; at = text.indexOf('\n', at + 1)) line += 1;
  return line;
}
