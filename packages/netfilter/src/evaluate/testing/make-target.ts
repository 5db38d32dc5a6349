import type { Random } from './random.ts';

/** A chain that rules are made for. */
export interface ChainPlan {
  table: string;
  name: string;
  builtIn: boolean;
  /** user chains that may be jumped to: those after it, so that there are no loops */
  below: string[];
}

interface MadeTarget {
  text: string;
  /** a protocol that the target demands */
  protocol?: string;
}

/** `tracked`: the target may set connection tracking to work. */
export function makeTarget(
  random: Random,
  { table, name, builtIn, below }: ChainPlan,
  tracked: boolean,
): MadeTarget {
  const options: MadeTarget[] = [
    { text: '' },
    { text: ' -j ACCEPT' },
    { text: ' -j RETURN' },
    { text: ' -j NFLOG --nflog-group 9' },
  ];
  if (table !== 'nat') options.push({ text: ' -j DROP' });
  for (const chain of below)
    options.push({ text: ` -j ${chain}` }, { text: ` -j ${chain}` }, { text: ` -g ${chain}` });
  if (table === 'filter') {
    options.push(
      { text: ' -j ACCEPT' },
      { text: ' -j DROP' },
      { text: ` -j REJECT --reject-with ${random.pick(['icmp-port-unreachable', 'icmp-admin-prohibited'])}` },
      { text: ' -j REJECT --reject-with tcp-reset', protocol: '-p tcp' },
    );
  }
  const marks = [
    ' --set-xmark 0x1/0xffffffff',
    ' --set-xmark 0x2/0x3',
    ' --set-xmark 0x10/0x0',
    ' --set-xmark 0x0/0x1',
  ];
  if (table === 'raw') options.push({ text: ' -j CT --notrack' }, { text: ' -j NOTRACK' });
  if (table === 'raw' || table === 'mangle') options.push({ text: ` -j MARK${random.pick(marks)}` });
  if (table === 'mangle') {
    const copies = [' --save-mark', ' --restore-mark', ' --save-mark --nfmask 0x1 --ctmask 0x3'];
    const shifts = ['', '', ' --left-shift-mark 1', ' --right-shift-mark 1'];
    const connectionMark = `${random.pick([...marks, ...copies])}${random.pick(shifts)}`;
    if (tracked) options.push({ text: ` -j CONNMARK${connectionMark}` });
    options.push(
      { text: ` -j TTL --ttl-${random.pick(['set', 'inc', 'dec'])} ${random.pick([2, 5, 64])}` },
      { text: ` -j TOS --set-tos ${random.pick(['0x10/0xff', '0x28/0x3f', '0x4/0x0'])}` },
      { text: ` -j DSCP --set-dscp ${random.pick(['0x0a', '0x2e'])}` },
    );
  }
  if (table === 'nat' && builtIn) {
    if (name === 'PREROUTING' || name === 'OUTPUT') {
      options.push(
        { text: ' -j DNAT --to-destination 10.1.2.3' },
        { text: ' -j DNAT --to-destination 10.1.2.3:80', protocol: '-p tcp' },
      );
    }
    if (name === 'POSTROUTING' || name === 'INPUT')
      options.push({ text: ' -j SNAT --to-source 203.0.113.7' });
    if (name === 'PREROUTING') options.push({ text: ' -j NETMAP --to 192.168.4.0/24' });
  }
  return random.pick(options);
}
