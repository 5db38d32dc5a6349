import { NetfilterError } from '../../error.ts';
import { choice, flag } from '../../values/codecs.ts';
import { maskedHost } from '../../values/masked-host.ts';
import { protocolNumber } from '../../values/protocols.ts';
import { requirePort } from '../../values/services.ts';
import { type AnyField, type Codec, defineExtension, negatable, plain } from '../spec.ts';

const protocol: Codec<number> = {
  words: 1,
  expected: 'name | 0-255',
  read: (first) => protocolNumber(first),
  print: String,
};

const port: Codec<number> = { words: 1, expected: '0-65535 | service', read: requirePort, print: String };

const fields = {
  ipvs: negatable(['--ipvs'], flag),
  protocol: negatable(['--vproto'], protocol),
  address: negatable(['--vaddr'], maskedHost),
  port: negatable(['--vport'], port),
  direction: plain(['--vdir'], choice(['ORIGINAL', 'REPLY'])),
  method: negatable(['--vmethod'], choice(['GATE', 'IPIP', 'MASQ'])),
  controlPort: negatable(['--vportctl'], port),
};

/** Connections of the kernel's load balancer. `! --ipvs` stands alone; every other option says `--ipvs` too. */
export const ipvs = defineExtension({
  name: 'ipvs',
  fields,
  finish(match) {
    const given = (Object.keys(fields) as (keyof typeof fields)[]).filter((key) => match[key] !== null);
    if (given.length === 0) throw new NetfilterError('option.required', { expected: '--ipvs' });
    if (given.length === 1) return;
    if (match.ipvs?.negated) throw new NetfilterError('option.conflict', { expected: '! --ipvs alone' });
    match.ipvs = null;
  },
  list(match) {
    const parts: string[] = [];
    for (const [key, field] of Object.entries<AnyField>(fields)) {
      const held = match[key as keyof typeof fields];
      if (held === null) continue;
      const { negated, value } = typeof held === 'string' ? { negated: false, value: held } : held;
      parts.push(
        `${negated ? '! ' : ''}${field.names[0].slice(2)} ${value === true ? '' : field.codec.print(value)}`.trimEnd(),
      );
    }
    return parts.join(' ');
  },
});
