import { type Check, isSource, type SourceFile } from './sources.ts';

const longestFile = 400;

export const fileSizes: Check = {
  name: 'file sizes',
  mend: `split a file of more than ${longestFile} lines along what the user sees or the protocol says`,
  run: (files) =>
    files.filter(isSource).flatMap((file) => {
      const lines = file.text.split('\n').length - 1;
      return lines > longestFile ? [{ path: file.path, text: `${lines} lines` }] : [];
    }),
};

export const exactVersions: Check = {
  name: 'exact versions',
  mend: 'write the exact version; "*" is for packages of this repository only',
  run: (files) =>
    files
      .filter((file) => file.path.endsWith('package.json'))
      .flatMap((file) => {
        const manifest = JSON.parse(file.text) as Record<string, Record<string, string> | undefined>;
        const groups = ['dependencies', 'devDependencies', 'optionalDependencies'];
        return groups.flatMap((group) =>
          Object.entries(manifest[group] ?? {})
            .filter(([name, version]) =>
              name.startsWith('@moru/') ? version !== '*' : !/^\d+\.\d+\.\d+$/.test(version),
            )
            .map(([name, version]) => ({ path: file.path, text: `${group}: ${name} ${version}` })),
        );
      }),
};

/** Download addresses and folders of one machine have no place in files that others clone. */
const traces = [/"resolved": "https?:/, /^deb(-src)? +https?:/m, /\/(?:work|root|home)\/[a-z]+\//];

export const machineTraces: Check = {
  name: 'machine traces',
  mend: 'write paths from the project’s root, and leave download addresses out of the lockfile (.npmrc)',
  run: (files) => files.filter((file) => !file.path.startsWith('tools/checks/')).flatMap(tracesIn),
};

function tracesIn(file: SourceFile) {
  return file.text
    .split('\n')
    .flatMap((line, index) =>
      traces.some((trace) => trace.test(line))
        ? [{ path: file.path, line: index + 1, text: line.trim().slice(0, 120) }]
        : [],
    );
}
