import { NetfilterError } from '../../error.ts';
import { type Codec, defineExtension, negatable } from '../spec.ts';

const macAddress: Codec<string> = {
  words: 1,
  expected: 'xx:xx:xx:xx:xx:xx',
  read(first) {
    if (!/^[0-9A-Fa-f]{1,2}(:[0-9A-Fa-f]{1,2}){5}$/.test(first)) throw new NetfilterError('mac.invalid');
    return first
      .toLowerCase()
      .split(':')
      .map((part) => part.padStart(2, '0'))
      .join(':');
  },
  print: (value) => value,
};

/** The Ethernet address that the packet came from. */
export const mac = defineExtension({
  name: 'mac',
  fields: { source: negatable(['--mac-source'], macAddress, { required: true, present: true }) },
  chains: ['PREROUTING', 'INPUT', 'FORWARD'],
  list: (match) => `MAC ${match.source.negated ? '! ' : ''}${match.source.value}`,
});
