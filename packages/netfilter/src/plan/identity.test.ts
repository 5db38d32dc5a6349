import { describe, expect, it } from 'vitest';
import { setOf } from '../testing/set.ts';
import { type Identified, identify, type RuleEdited } from './identity.ts';

const set = (...rules: string[]) => setOf('filter', 'INPUT', rules);
const idsOf = ({ ids }: Identified) => ids.get('filter INPUT') ?? [];

const ssh = '-p tcp -m tcp --dport 22 -j ACCEPT';
const web = '-p tcp -m tcp --dport 80 -j ACCEPT';
const drop = '-j DROP';

describe('identify', () => {
  const first = identify(set(ssh, web, ssh, drop));
  const [sshId, webId, twinId, dropId] = idsOf(first);

  it('gives different ids, the same to whoever reads the same rules', () => {
    expect(new Set(idsOf(first)).size).toBe(4);
    expect(idsOf(identify(set(ssh, web, ssh, drop)))).toEqual(idsOf(first));
  });

  it.each([
    ['moved', [drop, ssh, web, ssh], [dropId, sshId, webId, twinId]],
    ['deleted', [ssh, drop], [sshId, dropId]],
    ['the first of twins deleted', [web, ssh, drop], [webId, twinId, dropId]],
    ['spelt otherwise', [ssh, '-p 6 --dport http -j ACCEPT', ssh, drop], [sshId, webId, twinId, dropId]],
  ])('%s: a rule keeps its id', (_name, rules, ids) => {
    expect(idsOf(identify(set(...rules), first))).toEqual(ids);
  });

  it('counters do not count', () => {
    const busy = set(ssh, web, ssh, drop);
    for (const rule of busy.tables[0]?.chains[0]?.rules ?? []) rule.packets = 5n;
    expect(idsOf(identify(busy, first))).toEqual(idsOf(first));
  });

  it('an added rule gets an id of its own, a third twin too', () => {
    const ids = idsOf(identify(set(ssh, web, ssh, ssh, '-j LOG', drop), first));
    expect(new Set(ids).size).toBe(6);
    expect(ids).toEqual(expect.arrayContaining([...idsOf(first)]));
  });

  it('an edited rule keeps its id when that is told, and then for good', () => {
    const edit: RuleEdited = { table: 'filter', chain: 'INPUT', from: 2, to: 2 };
    const edited = identify(set(ssh, '-j LOG', ssh, drop), first, [edit]);
    expect(idsOf(edited)).toEqual(idsOf(first));
    expect(idsOf(identify(set('-j LOG', ssh, ssh, drop), edited))).toEqual([webId, sshId, twinId, dropId]);
    expect(idsOf(identify(set(ssh, '-j LOG', ssh, drop), first))[1]).not.toBe(webId);
  });

  it('an id that an edited rule goes by is not given to a new rule of the old text', () => {
    const edited = identify(set('-j LOG'), identify(set(drop)), [
      { table: 'filter', chain: 'INPUT', from: 1, to: 1 },
    ]);
    const ids = idsOf(identify(set('-j LOG', drop), edited));
    expect(ids[0]).toBe(idsOf(identify(set(drop)))[0]);
    expect(ids[1]).not.toBe(ids[0]);
  });
});
