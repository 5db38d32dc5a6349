import { isAnyPort, portRange } from '../../values/codecs.ts';
import { UDP } from '../../values/protocols.ts';
import { defineExtension, negatable } from '../spec.ts';
import { listPorts } from './tcp.ts';

/** UDP ports. A reversed range is taken and matches nothing (reference/iptables.md section 1.2). */
export const udp = defineExtension({
  name: 'udp',
  protocol: UDP,
  fields: {
    sourcePort: negatable(['--sport', '--source-port'], portRange('taken'), { omit: isAnyPort }),
    destinationPort: negatable(['--dport', '--destination-port'], portRange('taken'), { omit: isAnyPort }),
  },
  list: (match) => `udp${listPorts('spt', match.sourcePort)}${listPorts('dpt', match.destinationPort)}`,
});
