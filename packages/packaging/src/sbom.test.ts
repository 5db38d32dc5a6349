import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { writeSbom } from './sbom.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'moru-sbom-'));
});
afterEach(() => rm(folder, { recursive: true }));

interface Bom {
  components: { name: string; version: string; 'bom-ref': string }[];
  dependencies: { ref: string; dependsOn: string[] }[];
}

it('names what a program needs at run time, through packages of this repository too, and the same each time', async () => {
  const release = { version: '1.2.3', programs: { 'moru-agent': 'apps/agent', 'moru-console': 'apps/bff' } };
  const stamp = { seconds: 1_767_225_600 };
  const text = await readFile(await writeSbom(release, stamp, folder), 'utf8');
  const bom = JSON.parse(text) as Bom;
  const names = bom.components.map(({ name }) => name);
  // express of the BFF itself, x509 of @moru/enrolment, asn1js of x509
  for (const name of ['express', '@peculiar/x509', 'zod']) expect(names).toContain(name);
  expect(names).not.toContain('vitest');
  expect(names.filter((name) => name.startsWith('@moru/'))).toEqual([]);
  const agent = bom.dependencies.find(({ ref }) => ref === 'moru-agent')?.dependsOn ?? [];
  expect(agent.some((ref) => ref.startsWith('pkg:npm/zod@'))).toBe(true);
  expect(agent.some((ref) => ref.startsWith('pkg:npm/express@'))).toBe(false);
  const refs = new Set(bom.components.map((each) => each['bom-ref']));
  expect(refs.size).toBe(bom.components.length);
  for (const { dependsOn } of bom.dependencies.slice(1)) {
    for (const ref of dependsOn) expect(refs).toContain(ref);
  }
  expect(await readFile(await writeSbom(release, stamp, folder), 'utf8')).toBe(text);
});
