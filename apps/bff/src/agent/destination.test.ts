import { expect, test } from 'vitest';
import { requireNicAddress } from './destination.ts';

test.each(['198.168.0.10', '10.10.0.21', '172.16.3.4', '203.0.113.9', '2001:db8::10', 'fd12:3456::1'])(
  '%s may be a NIC',
  (address) => expect(requireNicAddress(address)).toBe(address),
);

test.each([
  '169.254.169.254',
  '127.0.0.1',
  '127.8.8.8',
  '0.0.0.0',
  '100.100.100.200',
  '224.0.0.1',
  '255.255.255.255',
  '::1',
  '::',
  'fe80::1',
  'fe80::1%eth0',
  'ff02::1',
  'fd00:ec2::254',
  '::ffff:127.0.0.1',
  '::ffff:169.254.169.254',
  '0x7f000001',
  '2130706433',
  '127.1',
  'localhost',
  'metadata.internal',
  '10.0.0.1:22',
  '',
])('T3: %j is refused', (address) => {
  expect(() => requireNicAddress(address)).toThrow(/no NIC can have/);
});
