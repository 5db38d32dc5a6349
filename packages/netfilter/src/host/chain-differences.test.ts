import fc from 'fast-check';
import { expect, it } from 'vitest';
import { parseSave } from '../read/parse-save.ts';
import { chainDifferences } from './chain-differences.ts';

const read = (text: string) => parseSave(`*filter\n${text}\nCOMMIT\n`);

it('taking away and adding at the places that it names makes one list the other', () => {
  const list = fc.array(fc.constantFrom('1', '2', '3', '4'), { maxLength: 12 });
  const rule = (port: string) => `-p tcp -m tcp --dport ${port} -j DROP`;
  const setOf = (ports: readonly string[]) =>
    read(`:INPUT ACCEPT [0:0]\n${ports.map((port) => `-A INPUT ${rule(port)}`).join('\n')}`);
  fc.assert(
    fc.property(list, list, (old, now) => {
      const [{ removed, added } = { removed: [], added: [] }] = chainDifferences(setOf(old), setOf(now));
      for (const { number, text } of removed) expect(rule(old[number - 1] ?? '')).toBe(text);
      const gone = new Set(removed.map(({ number }) => number));
      const made = old.filter((_, index) => !gone.has(index + 1)).map(rule);
      for (const { number, text } of added) made.splice(number - 1, 0, text);
      expect(made).toEqual(now.map(rule));
    }),
  );
});

it('names chains that are made and deleted, and policies; other programs’ chains are theirs', () => {
  const from = read(
    ':INPUT ACCEPT [0:0]\n:old - [0:0]\n:sshguard - [0:0]\n-A old -j DROP\n-A sshguard -j DROP',
  );
  const to = read(':INPUT DROP [0:0]\n:new - [0:0]');
  const nothing = { table: 'filter', policy: null, removed: [], added: [] };
  const changes = chainDifferences(from, to);
  expect(changes).toHaveLength(3);
  expect(changes).toEqual(
    expect.arrayContaining([
      { ...nothing, chain: 'INPUT', change: 'changed', policy: { from: 'ACCEPT', to: 'DROP' } },
      { ...nothing, chain: 'old', change: 'deleted', removed: [{ number: 1, text: '-j DROP' }] },
      { ...nothing, chain: 'new', change: 'created' },
    ]),
  );
});

it('a table that one of them lacks is empty there', () => {
  const nat = '*nat\n:POSTROUTING ACCEPT [0:0]\n-A POSTROUTING -j ACCEPT\nCOMMIT\n';
  const from = parseSave(`*filter\n:INPUT ACCEPT [0:0]\nCOMMIT\n${nat}`);
  expect(chainDifferences(from, read(':INPUT ACCEPT [0:0]'))).toMatchObject([
    { table: 'nat', chain: 'POSTROUTING', removed: [{ number: 1 }], added: [] },
  ]);
});
