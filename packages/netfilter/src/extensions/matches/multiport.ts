import { NetfilterError } from '../../error.ts';
import type { Negatable } from '../../model.ts';
import { printRange, type Range } from '../../values/codecs.ts';
import { portProtocols } from '../../values/protocols.ts';
import { requirePort } from '../../values/services.ts';
import { type Codec, defineExtension, negatable } from '../spec.ts';

/** Places in the kernel's list; a range takes two. */
const maxPorts = 15;

const portList: Codec<Range[]> = {
  words: 1,
  expected: 'port[:port][,port[:port]] …',
  read(first) {
    let places = 0;
    const ports = first.split(',').map((word): Range => {
      const colon = word.indexOf(':');
      places += colon < 0 ? 1 : 2;
      if (places > maxPorts) throw new NetfilterError('port.tooMany', { params: { max: maxPorts } });
      if (colon < 0) {
        const port = requirePort(word);
        return { from: port, to: port };
      }
      const range = { from: requirePort(word.slice(0, colon)), to: requirePort(word.slice(colon + 1)) };
      if (range.from >= range.to) throw new NetfilterError('port.reversed', { expected: 'low:high' });
      return range;
    });
    return ports;
  },
  print: (ports) => ports.map(printRange).join(','),
};

/** Up to 15 ports or ranges of tcp, udp, udplite, sctp or dccp. `either` is source or destination. */
export const multiport = defineExtension({
  name: 'multiport',
  fields: {
    sourcePorts: negatable(['--sports', '--source-ports'], portList),
    destinationPorts: negatable(['--dports', '--destination-ports'], portList),
    eitherPorts: negatable(['--ports'], portList),
  },
  finish(match, { rule }) {
    const given = [match.sourcePorts, match.destinationPorts, match.eitherPorts].filter(
      (ports) => ports !== null,
    );
    if (given.length === 0)
      throw new NetfilterError('option.required', { expected: '--dports | --sports | --ports' });
    if (given.length > 1)
      throw new NetfilterError('option.conflict', { expected: 'one of --dports, --sports, --ports' });
    if (rule.protocol === null || rule.protocol.negated || !portProtocols.includes(rule.protocol.value)) {
      throw new NetfilterError('protocol.needed', {
        field: 'protocol',
        expected: '-p tcp | udp | udplite | sctp | dccp',
        params: { match: 'multiport' },
      });
    }
  },
  list(match) {
    const entries: ReadonlyArray<readonly [string, Negatable<Range[]> | null]> = [
      ['sports', match.sourcePorts],
      ['dports', match.destinationPorts],
      ['ports', match.eitherPorts],
    ];
    const [label, ports] = entries.find(([, value]) => value !== null) ?? ['ports', null];
    return `multiport ${label} ${ports?.negated ? ' !' : ''}${portList.print(ports?.value ?? [])}`;
  },
});
