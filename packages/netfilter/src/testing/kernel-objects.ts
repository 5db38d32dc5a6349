import type { Family } from '../model.ts';

/**
 * A program of Perl (which every Debian has; Node has no netlink sockets) that makes in its network namespace what rules
 * name and the kernel must hold: sets `s1` and `s2`, counters `x` and `a b`, and the timeout policies `slow` and
 * `slowly` of TCP. Made of raw netlink messages, since neither ipset nor nfacct nor nfct need be there.
 */
const program = `
socket(my $socket, 16, 3, 12) or die "netlink: $!";
my $family = $ARGV[0] eq 'ipv6' ? 10 : 2;
my $sequence = 1;
sub attribute {
  my ($type, $value) = @_;
  my $length = 4 + length $value;
  return pack('SS', $length, $type) . $value . ("\\0" x (-$length & 3));
}
sub ask {
  my ($type, $of, $body) = @_;
  my $message = pack('LSSLL', 20 + length $body, $type, 0x605, $sequence++, 0) . pack('CCn', $of, 0, 0) . $body;
  send($socket, $message, 0, pack('SSLL', 16, 0, 0, 0)) or die "send: $!";
  recv($socket, my $answer, 8192, 0);
  my $error = unpack('l', substr($answer, 16, 4));
  die "message $type: error $error\\n" if $error;
}
for my $name ('s1', 's2') {
  ask(6 << 8 | 2, $family, attribute(1, pack('C', 6)) . attribute(2, "$name\\0") . attribute(3, "hash:ip\\0")
    . attribute(4, pack('C', 4)) . attribute(5, pack('C', $family)) . attribute(0x8007, ''));
}
for my $name ('x', 'a b') { ask(7 << 8, 0, attribute(1, "$name\\0")); }
for my $name ('slow', 'slowly') {
  ask(8 << 8, 0, attribute(1, "$name\\0") . attribute(2, pack('n', $family)) . attribute(3, pack('C', 6))
    . attribute(0x8004, attribute(0x4001, pack('N', 10))));
}
`;

/** The command that makes them, for either family's tool. */
export function makeObjects(family: Family): readonly [program: string, args: readonly string[]] {
  return ['perl', ['-e', program, family]];
}
