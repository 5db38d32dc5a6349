import { describe, expect, it } from 'vitest';
import { NetfilterError } from '../error.ts';
import { parsePayload } from './parse-payload.ts';

function problem(text: string, options = {}): NetfilterError {
  try {
    parsePayload(text, options);
  } catch (error) {
    if (error instanceof NetfilterError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}

describe('parsePayload', () => {
  it('gives the commands of each table with their lines and counters', () => {
    const payload = parsePayload(`# made by hand
*nat
-F
COMMIT
*filter
:INPUT DROP [5:6]
:web -
[1:2] -A INPUT -p tcp --dport 80 -j web
-D INPUT 3
-I INPUT 2 -s 10.0.0.1,10.0.0.2 -j DROP
-X old
COMMIT
`);
    expect(payload.tables.map(({ name, lines }) => [name, lines.map(({ command }) => command.kind)])).toEqual(
      [
        ['nat', ['flush']],
        ['filter', ['header', 'header', 'append', 'deleteAt', 'insert', 'deleteChain']],
      ],
    );
    expect(payload.tables[1]?.lines).toMatchObject([
      { line: 6, command: { chain: 'INPUT', policy: 'DROP', counters: { packets: 5n, bytes: 6n } } },
      { line: 7, command: { chain: 'web', policy: null, counters: null } },
      { line: 8, counters: { packets: 1n, bytes: 2n } },
      { line: 9, command: { position: 3 } },
      { line: 10, command: { position: 2, rules: [{}, {}] } },
      { line: 11, command: { chain: 'old' } },
    ]);
  });

  it.each([
    ['filter\nCOMMIT\n', 'save.tableExpected', 1, 1],
    ['*filter\n-A INPUT -j ACCEPT\n', 'save.commit', 3, 1],
    ['*filter\r\nCOMMIT\r\n', 'text.crlf', 1, 1],
    ['*nosuch\nCOMMIT\n', 'save.tableUnknown', 1, 2],
    ['*filter\n-t nat -A INPUT\nCOMMIT\n', 'option.inRestore', 2, 1],
    ['*filter\n-A INPUT -w\nCOMMIT\n', 'option.inRestore', 2, 10],
    ['*filter\n-A INPUT -ptcp\nCOMMIT\n', 'option.glued', 2, 10],
    ['*filter\n-A INPUT -p tcp --dport x\nCOMMIT\n', 'port.invalid', 2, 25],
    ['*filter\n-D INPUT x\nCOMMIT\n', 'position.invalid', 2, 10],
    ['*filter\n-V\nCOMMIT\n', 'option.inRestore', 2, 1],
    ['*filter\n-A INPUT -o lo\nCOMMIT\n', 'interface.outInput', 2, 10],
    ['*filter\n:ACCEPT - [0:0]\nCOMMIT\n', 'chain.reserved', 2, 2],
    ['*filter\n[1:x] -A INPUT\nCOMMIT\n', 'save.counters', 2, 1],
    ['*filter\n-A\nCOMMIT\n', 'word.missing', 2, 3],
    ['*filter\n-N LOG\nCOMMIT\n', 'chain.reserved', 2, 4],
  ])('refuses %j', (text, code, line, column) => {
    expect(problem(text)).toMatchObject({ code, line, column });
  });

  it('demands counters of headers where they are to be taken', () => {
    expect(problem('*filter\n:INPUT DROP\nCOMMIT\n', { counters: true }).code).toBe('save.counters');
    expect(() => parsePayload('*filter\n:INPUT DROP\nCOMMIT\n')).not.toThrow();
  });
});
