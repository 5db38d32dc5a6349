/** Rules of one `iptables-save` file of a measurement. */
export const ruleCount = 50_000;

function dump(rule: (i: number) => string, counter: (i: number) => string): string {
  let out = `*filter\n:INPUT ACCEPT ${counter(1)}\n:FORWARD ACCEPT ${counter(2)}\n:OUTPUT ACCEPT ${counter(3)}\n`;
  for (let i = 0; i < ruleCount; i++) out += `${rule(i)}\n`;
  return `${out}COMMIT\n`;
}

/** What a tool that bans single hosts leaves behind: one address and one port a rule (reference/iptables.md 5). */
export const uniformFile = (): string =>
  dump(
    (i) => `-A INPUT -s ${host(i)}/32 -p tcp -m tcp --dport ${1 + (i % 65_535)} -j DROP`,
    () => '[0:0]',
  );

/** 20 kinds of matches by turns, each with a comment of its own and counters, as `iptables-save -c` prints them. */
export const mixedFile = (): string =>
  dump(
    (i) => {
      const [before, target] = kinds[i % kinds.length]?.(i) ?? ['', ''];
      const comment = `-m comment --comment "rule ${i} of the ${i % 7 === 0 ? "operator\\'s" : 'fleet'} list"`;
      return `${counters(i)} -A INPUT ${before} ${comment} -j ${target}`;
    },
    (i) => counters(i * 7_919),
  );

const host = (i: number): string => `10.${(i >> 16) & 255}.${(i >> 8) & 255}.${i & 255}`;
const port = (i: number): number => 1 + ((i * 31) % 65_534);
/** One in four was never hit; the others are spread over all sizes. */
const counters = (i: number): string =>
  i % 4 === 0 ? '[0:0]' : `[${(i * 48_271) % 10 ** (1 + (i % 9))}:${(i * 69_621) % 10 ** (2 + (i % 12))}]`;

const kinds: readonly ((i: number) => [before: string, target: string])[] = [
  (i) => [`-s ${host(i)}/32 -p tcp -m tcp --dport ${port(i)}`, 'ACCEPT'],
  (i) => [`-p udp -m udp --sport ${port(i)}:65535 ! --dport 53`, 'DROP'],
  (i) => [`-p icmp -m icmp --icmp-type ${i % 19}`, 'ACCEPT'],
  (i) => [`-p tcp -m multiport --dports 22,80,443,${port(i)}:65535`, 'ACCEPT'],
  (i) => [`-d ${host(i)}/32 -m conntrack --ctstate NEW,RELATED`, 'ACCEPT'],
  (i) => [`-i eth${i % 8} -m state --state RELATED,ESTABLISHED`, 'ACCEPT'],
  (i) => [`-m limit --limit ${1 + (i % 50)}/min --limit-burst ${6 + (i % 90)}`, 'LOG --log-prefix "over "'],
  (i) => [`-m mark --mark 0x${(1 + i).toString(16)}/0xffffff`, 'RETURN'],
  (i) => [`-m addrtype --dst-type ${i % 40 < 20 ? 'LOCAL' : 'BROADCAST'}`, 'DROP'],
  (i) => [`-m mac --mac-source 02:00:${hex(i >> 24)}:${hex(i >> 16)}:${hex(i >> 8)}:${hex(i)}`, 'ACCEPT'],
  (i) => [`-m iprange --src-range ${host(i)}-${host(i + 20)}`, 'DROP'],
  (i) => [`-m length --length ${i % 1000}:65535`, 'DROP'],
  (i) => [`-p tcp -m tcp --tcp-flags FIN,SYN,RST,ACK SYN -m tcpmss --mss ${i % 1000}:1500`, 'ACCEPT'],
  (i) => [`-m ttl --ttl-lt ${1 + (i % 254)}`, 'DROP'],
  (i) => [`-m dscp --dscp 0x${hex(i % 64)}`, 'ACCEPT'],
  (i) => [`-m pkttype --pkt-type ${i % 40 < 20 ? 'broadcast' : 'multicast'}`, 'DROP'],
  (i) => [
    `-m hashlimit --hashlimit-upto ${1 + (i % 9)}/sec --hashlimit-burst 5 --hashlimit-mode srcip --hashlimit-name h${i}`,
    'ACCEPT',
  ],
  (i) => [
    `-p tcp -m connlimit --connlimit-above ${1 + (i % 99)} --connlimit-mask 32 --connlimit-saddr`,
    'REJECT --reject-with tcp-reset',
  ],
  (i) => [
    `-m recent --update --seconds ${60 + (i % 600)} --name r${i % 20} --mask 255.255.255.255 --rsource`,
    'DROP',
  ],
  (i) => [`-m statistic --mode nth --every ${2 + (i % 20)} --packet 1`, 'RETURN'],
];

const hex = (value: number): string => (value & 255).toString(16).padStart(2, '0');
