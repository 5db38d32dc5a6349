// Architecture rules that neither the compiler nor the linter can hold: run by `npm test`, or alone.
import { imports } from './checks/imports.ts';
import { processes } from './checks/processes.ts';
import { type Check, projectFiles } from './checks/sources.ts';
import { exactVersions, fileSizes, machineTraces } from './checks/tidiness.ts';
import { words } from './checks/words.ts';

const checks: Check[] = [imports, processes, fileSizes, exactVersions, machineTraces, words];
const files = projectFiles();
let failed = 0;

for (const check of checks) {
  const findings = check.run(files);
  console.log(`${findings.length === 0 ? 'ok  ' : 'FAIL'} ${check.name}`);
  if (findings.length === 0) continue;
  failed += 1;
  for (const { path, line, text } of findings) console.log(`     ${path}${line ? `:${line}` : ''}  ${text}`);
  console.log(`     To mend: ${check.mend}`);
}

console.log(`${checks.length - failed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);
