import { flag, integer } from '../../values/codecs.ts';
import { defineExtension, negatable, plain } from '../spec.ts';

/**
 * A label of the connection, by number; names are for each host to give (/etc/xtables/connlabel.conf), and its tool
 * prints them.
 */
export const connlabel = defineExtension({
  name: 'connlabel',
  fields: {
    label: negatable(
      ['--label'],
      { ...integer(127), print: (value) => `"${value}"` },
      { required: true, present: true },
    ),
    /** sets it first */
    set: plain(['--set'], flag),
  },
  list: ({ label, set }) => `connlabel ${label.negated ? '! ' : ''}${label.value}${set ? ' set' : ''}`,
});
