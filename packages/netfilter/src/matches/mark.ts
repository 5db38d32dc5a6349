import { masked } from '../codecs.ts';
import { defineExtension, negatable } from '../spec.ts';

const value = masked('asNeeded');

/** The packet's firewall mark, compared under a mask. */
export const mark = defineExtension({
  name: 'mark',
  fields: { mark: negatable(['--mark'], value, { required: true, present: true }) },
  list: (match) => `mark match ${match.mark.negated ? '! ' : ''}${value.print(match.mark.value)}`,
});
