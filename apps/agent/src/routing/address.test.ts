import { isIP } from 'node:net';
import { expect, it } from 'vitest';
import {
  contains,
  isBroadcast,
  isNetwork,
  parseAddress,
  parsePrefix,
  printAddress,
  printDestination,
} from './address.ts';

const reprint = (text: string) => {
  const address = parseAddress(text);
  return address && printAddress(address);
};

it.each([
  ['10.10.0.1', '10.10.0.1'],
  ['255.255.255.255', '255.255.255.255'],
  ['FD00:0:0:1:0:0:0:1', 'fd00:0:0:1::1'],
  ['::', '::'],
  ['::1', '::1'],
  ['1::', '1::'],
  ['2001:db8:0:1:1:1:1:1', '2001:db8:0:1:1:1:1:1'],
  ['::ffff:192.0.2.1', '::ffff:c000:201'],
])('prints %s as %s', (text, wanted) => {
  expect(reprint(text)).toBe(wanted);
});

it.each([
  '',
  '10.10.0',
  '010.0.0.1',
  '256.0.0.1',
  '1.2.3.4.5',
  '1.2.3.4 ',
  '-1.2.3.4',
  ':::',
  '1::2::3',
  '1:2:3:4:5:6:7',
  'fe80::1%eth0',
  '1:2:3:4:5:6:7:8:9',
  '12345::',
  '::1.2.3',
  '1.2.3.4\nroute flush',
  '1.2.3.4::',
  '0x7f.1',
])('T1: takes %j for no address', (text) => {
  expect(reprint(text)).toBeNull();
});

it('reads what Node reads, and prints what Node reads', () => {
  for (const text of [
    '::',
    'a::b:c',
    '1:2:3:4:5:6:7::',
    '0:0:1::',
    'fe80::1:0:0:1',
    '::ffff:0:0',
    '64:ff9b::1.2.3.4',
  ]) {
    expect(isIP(text)).toBe(6);
    const again = reprint(text) ?? '';
    expect(isIP(again)).toBe(6);
    expect(new URL(`http://[${text}]`).hostname).toBe(`[${again}]`);
  }
});

it('knows networks', () => {
  const prefix = parsePrefix('10.10.0.0/16');
  if (!prefix) throw new Error('not read');
  const inside = (text: string) => contains(prefix, parseAddress(text) ?? prefix);
  expect([inside('10.10.255.255'), inside('10.11.0.0'), inside('::a0a:1')]).toEqual([true, false, false]);
  expect([isNetwork(prefix), printDestination(prefix)]).toEqual([true, '10.10.0.0/16']);
  expect(isBroadcast(prefix, { family: 'ipv4', bits: prefix.bits + 0xffffn })).toBe(true);
  expect(parsePrefix('10.10.0.0/33')).toBeNull();
  expect(parsePrefix('10.10.0.0/-1')).toBeNull();
  const everything = parsePrefix('0.0.0.0/0');
  expect(everything && printDestination(everything)).toBe('default');
});
