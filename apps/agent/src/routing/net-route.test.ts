import { expect, it } from 'vitest';
import { printNetRoute } from './net-route.ts';
import { parseConnections, parseNameServers } from './peers.ts';

/** As the kernel writes it, blanks at the end of the lines included. */
const proc = `Iface	Destination	Gateway 	Flags	RefCnt	Use	Metric	Mask		MTU	Window	IRTT                                                       
eth0	00000000	0100A8C6	0003	0	0	100	00000000	0	0	0                                                                             
eth1	00000000	01000A0A	0003	0	0	100	00000000	0	0	0                                                                             
eth0	0000A8C6	00000000	0001	0	0	0	00FFFFFF	0	0	0                                                                               
eth1	00000A0A	00000000	0001	0	0	0	00FFFFFF	0	0	0                                                                               
*	007100CB	00000000	0201	0	0	0	00FFFFFF	0	0	0                                                                                  
`;

it('prints the guide’s picture', () => {
  expect(printNetRoute(proc)).toBe(`Kernel IP routing table
Destination     Gateway         Genmask         Flags Metric Ref    Use Iface
0.0.0.0         198.168.0.1     0.0.0.0         UG    100    0        0 eth0
0.0.0.0         10.10.0.1       0.0.0.0         UG    100    0        0 eth1
198.168.0.0     0.0.0.0         255.255.255.0   U     0      0        0 eth0
10.10.0.0       0.0.0.0         255.255.255.0   U     0      0        0 eth1
203.0.113.0     -               255.255.255.0   !     0      -        0 -
`);
  expect(printNetRoute('')).toMatch(/^Kernel.*\nDestination.*\n$/);
});

it('reads established connections to a port, of both families', () => {
  const tcp = `  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 00000000:0016 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 1 1
   1: 05000A0A:0016 077100CB:C350 01 00000000:00000000 00:00000000 00000000     0        0 2 1
   2: 05000A0A:0050 087100CB:C350 01 00000000:00000000 00:00000000 00000000     0        0 3 1
   3: 0000000000000000FFFF000005000A0A:0016 0000000000000000FFFF0000077100CB:C351 01 0:0 00:0 0 0 0 4 1
   4: B80D0120000000000000000001000000:0016 B80D0120000000000000000002000000:C351 01 0:0 00:0 0 0 0 4 1
`;
  expect(parseConnections(tcp, [22], 'ssh').map(({ address, local }) => [address, local])).toEqual([
    ['203.0.113.7', '10.10.0.5'],
    ['203.0.113.7', '10.10.0.5'],
    ['2001:db8::2', '2001:db8::1'],
  ]);
});

it('reads name servers', () => {
  const text =
    '# nameserver 1.1.1.1\nnameserver 192.0.2.53\nsearch x\nnameserver fd00:0::53 \nnameserver bad\nnameserver fe80::1%eth0';
  expect(parseNameServers(text).map(({ address }) => address)).toEqual(['192.0.2.53', 'fd00::53', 'fe80::1']);
});
