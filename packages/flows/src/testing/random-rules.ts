/** A sequence that a seed gives again (mulberry32). */
function sequence(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/**
 * A restore file with random rules and counters in FORWARD and in a chain of its own, in which no packet passes, so
 * that what is listed a moment later is the same.
 */
export function randomRules(seed: number): string {
  const next = sequence(seed);
  const below = (count: number) => Math.floor(next() * count);
  const one = <T>(all: readonly [T, ...T[]]): T => all[below(all.length)] ?? all[0];
  const maybe = (text: () => string): string => (next() < 0.5 ? text() : '');
  const not = (): string => (next() < 0.2 ? '! ' : '');
  const address = (): string =>
    `${below(224)}.${below(256)}.${below(256)}.${below(256)}/${one([32, 32, 24, 16, 8])}`;
  const port = (): string =>
    next() < 0.3 ? `${1 + below(1000)}:${2000 + below(60_000)}` : String(1 + below(65_000));
  const matches = (): string =>
    one<() => string>([
      () => '-p tcp -m tcp --tcp-flags SYN,ACK SYN',
      () => `-p tcp -m tcp ${not()}--dport ${port()}`,
      () => `-p udp -m udp --sport ${port()}`,
      () =>
        `-p tcp -m multiport --dports ${1 + below(99)},${100 + below(99)},${1000 + below(9)}:${2000 + below(9)}`,
      () => `-p icmp -m icmp --icmp-type ${one([8, 0, 3])}`,
      () => `-m conntrack --ctstate ${one(['NEW', 'RELATED,ESTABLISHED', 'INVALID'])}`,
      () => `-m limit --limit ${1 + below(50)}/${one(['sec', 'min', 'hour'])} --limit-burst ${1 + below(20)}`,
      () =>
        `-m comment --comment "${one(['web', '내부 서비스', 'a "quoted" word', '<b>bold</b>']).replaceAll('"', '\\"')}"`,
      () => '-m mac --mac-source 02:00:00:00:00:01',
      () => '',
    ])();
  const target = (): string =>
    one([
      '-j ACCEPT',
      '-j DROP',
      '-j REJECT',
      '-j RETURN',
      '-j web2',
      '-g web2',
      '-j LOG --log-prefix "x: "',
      '',
    ]);
  const rule = (): string =>
    [
      maybe(() => `${not()}-s ${address()}`),
      maybe(() => `${not()}-d ${address()}`),
      maybe(() => `${not()}-i ${one(['eth0', 'eth+', 'lo'])}`),
      matches(),
      target(),
    ]
      .filter(Boolean)
      .join(' ');
  const rules = (chain: string): string[] =>
    Array.from(
      { length: below(9) },
      () => `[${below(2_000_000)}:${below(4_000_000_000)}] -A ${chain} ${rule()}`,
    );
  return [
    '*filter',
    ':INPUT ACCEPT [0:0]',
    `:FORWARD ${one(['ACCEPT', 'DROP'])} [0:0]`,
    ':OUTPUT ACCEPT [0:0]',
    ':sshguard - [0:0]',
    ':web1 - [0:0]',
    ':web2 - [0:0]',
    '-A INPUT -j sshguard',
    ...rules('FORWARD'),
    ...rules('web1'),
    'COMMIT',
    '',
  ].join('\n');
}
