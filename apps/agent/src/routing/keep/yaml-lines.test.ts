import { expect, it } from 'vitest';
import { scanYaml } from './yaml-lines.ts';

const scan = (text: string) =>
  scanYaml(text)?.map(({ path, value, line }) => `${line} ${path.join('/')}=${value}`) ?? null;

it('finds block maps, lists and flow collections of one line', () => {
  const text = `# cloud-init
network:
  version: 2
  ethernets:
    "eth0":  # the first
      addresses: [198.168.0.5/24, 'fd00::5/64']
      routes:
      - to: default
        via: 198.168.0.1   # gateway
      - {to: "10.0.0.0/8", via: 10.10.0.1, metric: 5}
    eth1:
      match: {macaddress: "02:00:00:00:00:01"}
      routes: [{to: default, via: 10.10.0.1, metric: 100}]
      nameservers:
        addresses:
          - 192.0.2.53
    eth2: {}
`;
  expect(scan(text)).toEqual([
    '3 network/version=2',
    '6 network/ethernets/eth0/addresses/#0=198.168.0.5/24',
    '6 network/ethernets/eth0/addresses/#1=fd00::5/64',
    '8 network/ethernets/eth0/routes/#0/to=default',
    '9 network/ethernets/eth0/routes/#0/via=198.168.0.1',
    '10 network/ethernets/eth0/routes/#1/to=10.0.0.0/8',
    '10 network/ethernets/eth0/routes/#1/via=10.10.0.1',
    '10 network/ethernets/eth0/routes/#1/metric=5',
    '12 network/ethernets/eth1/match/macaddress=02:00:00:00:00:01',
    '13 network/ethernets/eth1/routes/#0/to=default',
    '13 network/ethernets/eth1/routes/#0/via=10.10.0.1',
    '13 network/ethernets/eth1/routes/#0/metric=100',
    '16 network/ethernets/eth1/nameservers/addresses/#0=192.0.2.53',
  ]);
});

it.each([
  'network: &a\n  version: 2\n',
  'network:\n  ethernets: *a\n',
  'network:\n\tversion: 2\n',
  'network:\n  ethernets: {eth0:\n    {dhcp4: true}}\n',
  'network:\n  x: |\n    text\n',
  'network:\n  x: [a, b\n',
])('leaves to a person what goes beyond: %j', (text) => {
  expect(scan(text)).toBeNull();
});
