import { parseRule } from '@moru/netfilter';
import type { TableName } from '@moru/types';
import i18next, { type TFunction } from 'i18next';
import { beforeAll, describe, expect, test } from 'vitest';
import { firewallEn } from '../../i18n/firewall.en.ts';
import { firewallKo } from '../../i18n/firewall.ko.ts';
import { protocolPort, ruleSentence } from './rule-words.ts';

let korean: TFunction;
let english: TFunction;

beforeAll(async () => {
  await i18next.init({
    lng: 'ko',
    resources: { ko: { translation: firewallKo }, en: { translation: firewallEn } },
    interpolation: { escapeValue: false },
  });
  korean = i18next.getFixedT('ko');
  english = i18next.getFixedT('en');
});

const cases: [rule: string, ko: string, en: string][] = [
  ['-i lo -j ACCEPT', '호스트 안의 통신 허용', 'Allow traffic within the host'],
  ['-p tcp --dport 22 -j ACCEPT', 'SSH (tcp/22) 접속 허용', 'Allow SSH (tcp/22)'],
  [
    '-p tcp --dport 9100 -j DROP',
    'tcp/9100 접속 차단, 알리지 않음',
    'Drop connections to tcp/9100 without notice',
  ],
  [
    '-s 203.0.113.0/24 -p tcp --dport 443 -j REJECT',
    '203.0.113.0/24 주소에서 오는 HTTPS (tcp/443) 접속 거절하고 알림',
    'Reject HTTPS (tcp/443) from 203.0.113.0/24 and say so',
  ],
  [
    '! -s 10.0.0.0/8 -i eth1 -j DROP',
    '10.0.0.0/8 외의 주소에서 오는 eth1 인터페이스로 들어오는 모든 패킷 차단, 알리지 않음',
    'Drop all packets not from 10.0.0.0/8 arriving on eth1 without notice',
  ],
  [
    '-m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT',
    '이미 맺은 연결의 패킷 허용',
    'Allow packets of connections already made',
  ],
  [
    '-i eth1 -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT',
    'eth1 인터페이스로 들어오는 이미 맺은 연결의 패킷 허용',
    'Allow packets of connections already made arriving on eth1',
  ],
  [
    '! -i eth1 ! -o eth2 -m state --state ESTABLISHED -j DROP',
    'eth1 외의 인터페이스로 들어오는 eth2 외의 인터페이스로 나가는 이미 맺은 연결의 패킷 차단, 알리지 않음',
    'Drop packets of connections already made not arriving on eth1 not leaving on eth2 without notice',
  ],
  [
    '-m conntrack --ctstate RELATED -j ACCEPT',
    '상태 RELATED 모든 패킷 허용',
    'Allow all packets in state RELATED',
  ],
  [
    '-m conntrack ! --ctstate RELATED,ESTABLISHED -j DROP',
    '상태 RELATED, ESTABLISHED 외 모든 패킷 차단, 알리지 않음',
    'Drop all packets not in state RELATED, ESTABLISHED without notice',
  ],
  [
    '-m conntrack --ctstate ESTABLISHED --ctdir REPLY -j ACCEPT',
    '이미 맺은 연결의 패킷 허용 (그 밖의 조건: -m conntrack --ctstate ESTABLISHED --ctdir REPLY)',
    'Allow packets of connections already made (other conditions: -m conntrack --ctstate ESTABLISHED --ctdir REPLY)',
  ],
  [
    '-p udp --sport 53 -m state --state ESTABLISHED -j ACCEPT',
    '출발지 Port 53 상태 ESTABLISHED udp 패킷 허용',
    'Allow udp packets with source port 53 in state ESTABLISHED',
  ],
  [
    '-p tcp ! --sport 1024: --dport 22 -j DROP',
    '출발지 Port 1024:65535 외 SSH (tcp/22) 접속 차단, 알리지 않음',
    'Drop SSH (tcp/22) with a source port other than 1024:65535 without notice',
  ],
  [
    '-p tcp ! --dport 22 -j ACCEPT',
    'Port 22 외의 tcp 접속 허용',
    'Allow tcp connections to ports other than 22',
  ],
  [
    '-p tcp -m multiport ! --dports 22,80 -j ACCEPT',
    'Port 22, 80 외의 tcp 접속 허용',
    'Allow tcp connections to ports other than 22, 80',
  ],
  [
    '-i lo -f -j ACCEPT',
    'lo 인터페이스로 들어오는 모든 패킷 허용 (그 밖의 조건: -f)',
    'Allow all packets arriving on lo (other conditions: -f)',
  ],
  [
    '-p tcp --dport 22 --syn -m limit --limit 3/min -j ACCEPT',
    'SSH (tcp/22) 접속 허용 (그 밖의 조건: -m tcp --dport 22 --tcp-flags FIN,SYN,RST,ACK SYN -m limit --limit 3/min)',
    'Allow SSH (tcp/22) (other conditions: -m tcp --dport 22 --tcp-flags FIN,SYN,RST,ACK SYN -m limit --limit 3/min)',
  ],
  [
    '-m string --string "a  b" --algo bm -j DROP',
    '모든 패킷 차단, 알리지 않음 (그 밖의 조건: -m string --string "a  b" --algo bm)',
    'Drop all packets without notice (other conditions: -m string --string "a  b" --algo bm)',
  ],
  [
    '-s 10.0.0.0/8 -g office',
    '10.0.0.0/8 주소에서 오는 모든 패킷: office Chain으로 보내고 돌아오지 않음',
    'Send all packets from 10.0.0.0/8 to chain office without coming back',
  ],
  ['-p icmp --icmp-type any -j ACCEPT', '모든 icmp 패킷 허용', 'Allow any icmp packets'],
  ['-p icmp --icmp-type 255/0 -j ACCEPT', '모든 icmp 패킷 허용', 'Allow any icmp packets'],
  ['-p icmp --icmp-type 8 -j ACCEPT', 'icmp 종류 8 icmp 패킷 허용', 'Allow icmp packets of ICMP type 8'],
  [
    '-s 10.0.0.0/8 -j RETURN',
    '10.0.0.0/8 주소에서 오는 모든 패킷 기본정책에 맡김',
    'Leave all packets from 10.0.0.0/8 to the policy',
  ],
  [
    '-j sshguard',
    '모든 패킷: sshguard Chain에서 먼저 거름',
    'Filter all packets through chain sshguard first',
  ],
];

const elsewhere: [rule: string, table: TableName, chain: string, ko: string, en: string][] = [
  ['-j RETURN', 'nat', 'POSTROUTING', '모든 패킷 기본정책에 맡김', 'Leave all packets to the policy'],
  [
    '-j RETURN',
    'filter',
    'office',
    '모든 패킷 앞 Chain으로 돌려보냄',
    'Return all packets to the calling chain',
  ],
  [
    '-p tcp --dport 22 -j ACCEPT',
    'nat',
    'PREROUTING',
    'SSH (tcp/22) 접속 주소를 바꾸지 않고 지나감',
    'No address translation for SSH (tcp/22)',
  ],
  ['-j ACCEPT', 'raw', 'PREROUTING', '모든 패킷 그대로 지나감', 'Pass on all packets'],
  [
    '-i lo -j ACCEPT',
    'mangle',
    'INPUT',
    'lo 인터페이스로 들어오는 모든 패킷 그대로 지나감',
    'Pass on all packets arriving on lo',
  ],
  ['-j DROP', 'raw', 'PREROUTING', '모든 패킷 차단, 알리지 않음', 'Drop all packets without notice'],
  ['-o lo -j ACCEPT', 'filter', 'OUTPUT', '호스트 안의 통신 허용', 'Allow traffic within the host'],
  [
    '-i lo -j ACCEPT',
    'filter',
    'FORWARD',
    '이 호스트를 거쳐 가는 lo 인터페이스로 들어오는 모든 패킷 허용',
    'Allow all packets passing through arriving on lo',
  ],
];

describe('a rule in words', () => {
  test.each(elsewhere)('%s in %s %s', (text, table, chain, expectedKo, expectedEn) => {
    const rule = parseRule(text);
    expect(ruleSentence(korean, rule, table, chain)).toBe(expectedKo);
    expect(ruleSentence(english, rule, table, chain)).toBe(expectedEn);
  });

  test.each(cases)('%s', (text, expectedKo, expectedEn) => {
    const rule = parseRule(text);
    expect(ruleSentence(korean, rule, 'filter', 'INPUT')).toBe(expectedKo);
    expect(ruleSentence(english, rule, 'filter', 'INPUT')).toBe(expectedEn);
  });

  test('outgoing and forwarded packets say so', () => {
    const rule = parseRule('-p udp --dport 53 -j ACCEPT');
    expect(ruleSentence(korean, rule, 'filter', 'OUTPUT')).toBe('밖으로 나가는 DNS (udp/53) 접속 허용');
    expect(ruleSentence(english, rule, 'filter', 'FORWARD')).toBe('Allow DNS (udp/53) passing through');
  });
});

test('protocol and port in one cell', () => {
  expect(protocolPort(parseRule('-p tcp --dport 22 -j ACCEPT'))).toBe('tcp/22');
  expect(protocolPort(parseRule('-p tcp -m multiport --dports 80,443 -j ACCEPT'))).toBe('tcp/80, 443');
  expect(protocolPort(parseRule('! -p udp -j ACCEPT'))).toBe('! udp');
  expect(protocolPort(parseRule('-j ACCEPT'))).toBeNull();
});
