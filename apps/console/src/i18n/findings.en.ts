import type { findingsKo } from './findings.ko.ts';

/** What can be wrong with a rule, a command or a file: netfilter's codes in words. */
export const findingsEn: typeof findingsKo = {
  fieldError: {
    other: 'Check this value.',
    required: 'Enter a value.',
    type: 'The value has the wrong form.',
    format: 'The value has the wrong form.',
    tooBig: 'Too large: at most {{maximum}}.',
    tooSmall: 'Too small: at least {{minimum}}.',
    save: {
      tableExpected: 'The first line of a table is missing.',
      tableUnknown: 'This is not the table that is edited here.',
      tableTwice: 'The same table is there twice.',
      chainHeader: 'The line of a chain cannot be read.',
      chainTwice: 'The same chain is there twice.',
      chainUnknown: 'No line above declares this chain.',
      policy: 'This cannot be the policy of the chain.',
      counters: 'The counters cannot be read.',
      commit: 'The table does not end with a line COMMIT.',
      command: 'Only lines -A and COMMIT can stand here.',
    },
    address: {
      invalid: 'This is not an address. Examples: 203.0.113.7, 10.10.0.0/24',
      mask: 'The mask behind the address is wrong. Example: /24',
      several: 'Enter one address only.',
      placeholder: 'A placeholder address matches no packet. Enter the server’s address.',
      family: 'Enter an IPv4 address.',
    },
    protocol: {
      unknown: 'Unknown protocol.',
      all: 'Choose a protocol for this condition.',
      needed: 'Choose tcp or udp as protocol to use a port.',
    },
    port: {
      invalid: 'A port is a number from 0 to 65535. Examples: 22, 80:443, 22,80',
      reversed: 'The range ends before it begins.',
      tooMany: 'At most 15 ports at once.',
    },
    interface: {
      length: 'An interface name has at most 15 characters.',
      characters: 'The interface name has characters that cannot be used.',
      inOutput: 'Chain {{chain}} takes no incoming interface.',
      outInput: 'Chain {{chain}} takes no outgoing interface.',
    },
    comment: {
      control: 'A comment is one line without control characters.',
      length: 'The comment is too long: at most {{max}} bytes.',
    },
    value: {
      leadingDash: 'A value must not begin with “-”.',
      control: 'Control characters cannot be used.',
    },
    option: {
      value: 'The value is wrong.',
      negated: '“!” cannot be used here.',
      required: 'Enter a value.',
      glued:
        'Put a blank between the option and its value: this version of iptables reads it as something else.',
      withCommand: 'This command does not take that option.',
      inRestore: 'This option cannot be used in a restore file.',
    },
    shell: {
      expansion: 'Nothing is filled in by a shell here. Type the value itself.',
      construct: 'This shell syntax cannot be used here.',
    },
    command: {
      missing: 'Say what to do, such as -A, -D or -L.',
      several: 'One command at a time.',
      unknown: 'This program cannot be used here.',
    },
    route: { command: 'This is not a route command that can be read.' },
    chain: {
      missing: 'No such chain: {{chain}}',
      name: 'This chain name cannot be used.',
      builtIn: 'A built-in chain cannot be deleted or renamed: {{chain}}',
      case: 'Another name differs by upper and lower case only: {{name}}',
      depth: 'Chains nest too deep: at most {{max}} levels.',
      exists: 'This chain exists already: {{chain}}',
      inUse: 'Rule {{number}} of chain {{by}} leads to this chain.',
      loop: 'The chains lead back to themselves: {{path}}',
      notEmpty: 'The chain still has rules: {{rules}}',
      reserved: 'This is the name of a target or of a built-in chain.',
    },
    position: {
      invalid: 'Rule numbers begin at 1.',
      range: 'There is no rule {{position}}: the chain has {{length}}.',
    },
    dialect: {
      option: 'iptables {{dialect}} on this host does not know {{option}}.',
      value: 'iptables {{dialect}} on this host does not take this value.',
      kernel: 'iptables {{dialect}} on this host cannot load this condition.',
      installed: 'iptables {{dialect}} on this host makes another rule of {{option}}.',
      saved:
        'iptables {{dialect}} on this host saves {{option}} so that the rule is another one once it is loaded again.',
    },
    extension: { family: '{{name}} is for {{family}} only.' },
    target: {
      missing: 'Choose a target.',
      unknown: 'Unknown target.',
      place: 'This target cannot be used in chain {{chain}}.',
      tcpReset: 'tcp-reset is for tcp only.',
    },
    rule: {
      duplicate: 'This is the same as rule {{number}}.',
      missing: 'There is no such rule: {{rule}}',
      neverMatches: 'This condition matches no packet.',
      notModelled: 'There is a condition that the console does not know in full.',
    },
    plan: {
      escapedRule: 'Rule {{number}} of {{chain}} holds control characters and can only stay where it is.',
      foreignChain: 'Chain {{chain}} belongs to another program and is not changed from here.',
      notRestorable:
        'Rule {{number}} of {{chain}} holds control characters: undoing cannot bring it back as it was.',
    },
  },
};
