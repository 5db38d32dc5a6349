import { NetfilterError } from '../../error.ts';
import { flag, integer } from '../../values/codecs.ts';
import { TCP } from '../../values/protocols.ts';
import { codePoint, codePointClass, hexByte, typeOfService } from '../../values/traffic-class.ts';
import { needProtocol } from '../needs.ts';
import { defineExtension, negatable } from '../spec.ts';

/** The TOS byte under a mask. The tool lists it without a blank before the value. */
export const tos = defineExtension({
  name: 'tos',
  fields: { tos: negatable(['--tos'], typeOfService, { required: true, present: true }) },
  list: ({ tos: { negated, value } }) => `tos match${negated ? '!' : ''}${typeOfService.print(value)}`,
});

/** The six upper bits of the TOS byte. */
export const dscp = defineExtension({
  name: 'dscp',
  fields: {
    dscp: negatable(['--dscp'], codePoint, {
      required: true,
      present: true,
      aliases: [{ names: ['--dscp-class'], codec: codePointClass }],
    }),
  },
  list: ({ dscp: { negated, value } }) => `DSCP match ${negated ? '!' : ''}${hexByte(value)}`,
});

/** Explicit congestion notification: two flags of TCP, two bits of IP. */
export const ecn = defineExtension({
  name: 'ecn',
  fields: {
    tcpEce: negatable(['--ecn-tcp-ece'], flag),
    tcpCwr: negatable(['--ecn-tcp-cwr'], flag),
    ipEct: negatable(['--ecn-ip-ect'], integer(3)),
  },
  finish(match, { rule }) {
    const needsTcp = match.tcpEce !== null || match.tcpCwr !== null;
    if (!needsTcp && match.ipEct === null) {
      throw new NetfilterError('option.required', {
        expected: '--ecn-ip-ect | --ecn-tcp-ece | --ecn-tcp-cwr',
      });
    }
    if (needsTcp) needProtocol(rule, TCP);
  },
  list({ tcpEce, tcpCwr, ipEct }) {
    let out = 'ECN match';
    if (tcpEce) out += tcpEce.negated ? ' !ECE' : ' ECE';
    if (tcpCwr) out += tcpCwr.negated ? ' !CWR' : ' CWR';
    if (ipEct) out += ` ${ipEct.negated ? '!' : ''}ECT=${ipEct.value}`;
    return out;
  },
});
