import { expect, it } from 'vitest';
import { makerIn } from './sources.ts';

it.each([
  ['# new generation 4 by process 29008 (iptables-nft)\n', { pid: 29008, name: 'iptables-nft' }],
  ['NEWGEN: GENID=2 PID=25464 NAME=iptables-nft\n', { pid: 25464, name: 'iptables-nft' }],
  [
    '# new generation 4 by process 1 (a)\nadd rule …\n# new generation 5 by process 2 (b c)\n',
    { pid: 2, name: 'b c' },
  ],
  ['add rule ip filter INPUT drop\n', null],
  ['', null],
])('the maker of %j', (text, maker) => {
  expect(makerIn(text)).toEqual(maker);
});
