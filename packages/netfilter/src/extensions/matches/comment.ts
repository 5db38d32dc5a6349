import { NetfilterError } from '../../error.ts';
import { text } from '../../values/codecs.ts';
import { byteLength } from '../../values/quote.ts';
import { defineExtension, plain } from '../spec.ts';

/** A note in the rule: at most 255 bytes are kept by the kernel (reference/iptables.md section 1). */
export const comment = defineExtension({
  name: 'comment',
  fields: {
    comment: plain(
      ['--comment'],
      {
        ...text,
        read(first) {
          if (first.length > 85 && byteLength(first) > 255) {
            throw new NetfilterError('comment.length', {
              params: { max: 255 },
              expected: 'at most 255 bytes',
            });
          }
          return first;
        },
      },
      { required: true, present: true },
    ),
  },
  list: (match) => `/* ${match.comment} */`,
});
