import { NetfilterError } from '../../error.ts';
import { flag, integer } from '../../values/codecs.ts';
import { type Codec, defineExtension, plain } from '../spec.ts';

const maxNodes = 16;

const modes = ['sourceip', 'sourceip-sourceport', 'sourceip-sourceport-destport'] as const;

const hashMode: Codec<(typeof modes)[number]> = {
  words: 1,
  expected: modes.join(' | '),
  read(first) {
    const found = modes.find((mode) => mode === first);
    if (found === undefined) throw new NetfilterError('choice.unknown', { params: { value: first } });
    return found;
  },
  print: (value) => value,
};

const multicastMac: Codec<string> = {
  words: 1,
  expected: 'xx:xx:xx:xx:xx:xx, multicast',
  read(first) {
    const bytes = first.split(':');
    if (bytes.length !== 6 || !bytes.every((byte) => /^[0-9a-f]{1,2}$/i.test(byte))) {
      throw new NetfilterError('mac.invalid');
    }
    // the lowest bit of the first byte says that it is for a group
    if ((Number.parseInt(bytes[0] ?? '', 16) & 1) === 0) throw new NetfilterError('mac.invalid');
    return bytes.map((byte) => byte.toUpperCase().padStart(2, '0')).join(':');
  },
  print: (value) => value,
};

/** One address for several machines, each of which takes its share; gone from Linux since 6.4 (use the match cluster). */
export const clusterip = defineExtension({
  name: 'CLUSTERIP',
  family: 'ipv4',
  fields: {
    /** without it the rule joins a cluster that another rule made */
    isNew: plain(['--new'], flag),
    hashMode: plain(['--hashmode'], hashMode),
    mac: plain(['--clustermac'], multicastMac),
    totalNodes: plain(['--total-nodes'], integer(maxNodes)),
    localNode: plain(['--local-node'], integer(maxNodes)),
    hashStart: plain(['--hash-init'], integer(0xffffffff)),
  },
  chains: ['INPUT'],
  finish(target) {
    const { isNew, hashMode: mode, mac, totalNodes, localNode, hashStart } = target;
    const needed = [mode, mac, totalNodes, localNode];
    if (isNew ? needed.includes(null) : [...needed, hashStart].some((value) => value !== null)) {
      throw new NetfilterError(isNew ? 'option.required' : 'option.conflict', {
        expected: '--new --hashmode --clustermac --total-nodes --local-node',
      });
    }
    if (isNew) target.hashStart ??= 0;
  },
  list({ isNew, hashMode: mode, mac, totalNodes, localNode, hashStart }) {
    if (!isNew) return 'CLUSTERIP';
    return (
      `CLUSTERIP hashmode=${mode} clustermac=${mac} total_nodes=${totalNodes} ` +
      `local_node=${localNode} hash_init=${hashStart}`
    );
  },
});
