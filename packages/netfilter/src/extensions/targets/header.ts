import { NetfilterError } from '../../error.ts';
import { flag, integer, type Masked } from '../../values/codecs.ts';
import { parseUnsigned } from '../../values/number.ts';
import { TCP } from '../../values/protocols.ts';
import { codePoint, codePointClass, hexByte, typeOfService } from '../../values/traffic-class.ts';
import { needProtocol } from '../needs.ts';
import { type Alias, type Codec, defineExtension, plain } from '../spec.ts';

const mangle = ['mangle'];

function bits(name: string, make: (value: number) => Masked): Alias<Masked> {
  return {
    names: [name],
    codec: {
      words: 1,
      expected: '0-255',
      read(first) {
        const value = parseUnsigned(first, 255);
        if (value < 0) throw new NetfilterError('number.invalid', { params: { max: 255 } });
        return make(value);
      },
    },
  };
}

/** Bits of `mask` in the TOS byte are cleared, then `value` is XORed in. */
export const tosTarget = defineExtension({
  name: 'TOS',
  fields: {
    tos: plain(['--set-tos'], typeOfService, {
      required: true,
      present: true,
      aliases: [
        bits('--and-tos', (value) => ({ value: 0, mask: ~value & 255 })),
        bits('--or-tos', (value) => ({ value, mask: value })),
        bits('--xor-tos', (value) => ({ value, mask: 0 })),
      ],
    }),
  },
  tables: mangle,
  list: (target) => `TOS set ${typeOfService.print(target.tos)}`,
});

/** Sets the six upper bits of the TOS byte. */
export const dscpTarget = defineExtension({
  name: 'DSCP',
  fields: {
    dscp: plain(['--set-dscp'], codePoint, {
      required: true,
      present: true,
      aliases: [{ names: ['--set-dscp-class'], codec: codePointClass }],
    }),
  },
  tables: mangle,
  list: (target) => `DSCP set ${hexByte(target.dscp)}`,
});

/** What happens to the number of remaining hops. */
export interface HopChange {
  change: 'set' | 'inc' | 'dec';
  hops: number;
}

const change = (kind: HopChange['change']): Codec<HopChange> => {
  const number = integer(255, kind === 'set' ? 0 : 1);
  return {
    words: 1,
    expected: number.expected,
    read: (first, second, family) => ({ change: kind, hops: number.read(first, second, family) }),
    print: (value) => String(value.hops),
  };
};

const changes = (prefix: string) =>
  plain([`${prefix}-set`], change('set'), {
    required: true,
    present: true,
    aliases: [
      { names: [`${prefix}-inc`], codec: change('inc') },
      { names: [`${prefix}-dec`], codec: change('dec') },
    ],
    named: (value) => `${prefix}-${value.change}`,
  });

const verbs = { set: 'set to', inc: 'increment by', dec: 'decrement by' };

/** Changes the time to live of IPv4. */
export const ttlTarget = defineExtension({
  name: 'TTL',
  family: 'ipv4',
  fields: { ttl: changes('--ttl') },
  tables: mangle,
  list: ({ ttl }) => `TTL ${verbs[ttl.change]} ${ttl.hops}`,
});

/** Changes the hop limit of IPv6. */
export const hlTarget = defineExtension({
  name: 'HL',
  family: 'ipv6',
  fields: { hopLimit: changes('--hl') },
  tables: mangle,
  list: ({ hopLimit }) => `HL ${verbs[hopLimit.change]} ${hopLimit.hops}`,
});

/** Takes congestion notification out of TCP's SYN packets, or sets its bits (for experiments). */
export const ecnTarget = defineExtension({
  name: 'ECN',
  family: 'ipv4',
  fields: {
    removeTcp: plain(['--ecn-tcp-remove'], flag),
    tcpEce: plain(['--ecn-tcp-ece'], integer(1)),
    tcpCwr: plain(['--ecn-tcp-cwr'], integer(1)),
    ipEct: plain(['--ecn-ip-ect'], integer(3)),
  },
  tables: mangle,
  finish(target, { rule }) {
    const tcp = target.removeTcp !== null || target.tcpEce !== null || target.tcpCwr !== null;
    if (!tcp && target.ipEct === null)
      throw new NetfilterError('option.required', { expected: '--ecn-tcp-remove' });
    if (target.removeTcp && (target.tcpEce !== null || target.tcpCwr !== null)) {
      throw new NetfilterError('option.conflict', { expected: '--ecn-tcp-remove' });
    }
    if (tcp) needProtocol(rule, TCP);
  },
  list(target) {
    if (target.removeTcp) return 'ECN TCP remove';
    let out = 'ECN';
    if (target.tcpEce !== null) out += ` ECE=${target.tcpEce}`;
    if (target.tcpCwr !== null) out += ` CWR=${target.tcpCwr}`;
    return target.ipEct === null ? out : `${out} ECT codepoint=${target.ipEct}`;
  },
});

/** Computes the packet's checksum where the hardware would have. */
export const checksum = defineExtension({
  name: 'CHECKSUM',
  fields: { fill: plain(['--checksum-fill'], flag, { required: true, present: true }) },
  tables: mangle,
  list: () => 'CHECKSUM fill',
});
