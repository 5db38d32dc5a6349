import { describeRule, type Rule, type RuleWords, type Words } from '@moru/netfilter';
import type { TableName } from '@moru/types';
import type { TFunction } from 'i18next';

// names that stand for a port in speech; every other port stays a number
const services: Record<string, string> = {
  'tcp/22': 'SSH',
  'tcp/80': 'HTTP',
  'tcp/443': 'HTTPS',
  'tcp/25': 'SMTP',
  'udp/53': 'DNS',
  'tcp/53': 'DNS',
  'udp/123': 'NTP',
};

/**
 * A rule in one sentence of the page's language: `203.0.113.0/24 주소에서 오는 SSH 접속 허용`. It never says more than
 * the rule does: conditions that have no words stand behind it as they are written.
 */
export function ruleSentence(t: TFunction, rule: Rule, table: TableName, chain: string): string {
  if (rule.verbatim !== null) return rule.verbatim;
  const words = describeRule(rule);
  if (words.loopback && words.kind === 'allow' && isOwnTraffic(table, chain)) return t('sentence.loopback');
  const established = !words.protocol && isEstablished(words.states);
  const anyIcmp = isAnyIcmp(words);
  const conditions = [
    directionOf(t, chain),
    condition(t, 'from', words.source),
    condition(t, 'in', words.inInterface),
    condition(t, 'out', words.outInterface),
    condition(t, 'to', words.destination),
    condition(t, 'sourcePort', words.sourcePort),
    condition(t, 'anyPort', words.anyPort),
    !anyIcmp && condition(t, 'icmpType', words.icmpType),
    words.states &&
      !established &&
      condition(t, 'state', { not: words.states.not, text: words.states.states.join(', ') }),
  ]
    .filter(Boolean)
    .join(' ');
  const what = established
    ? t('sentence.established')
    : anyIcmp
      ? t('sentence.anyIcmp')
      : subject(t, words.protocol, words.destinationPort);
  const kind = rule.target?.kind === 'chain' && rule.target.goto ? 'goto' : kindAt(words.kind, table, chain);
  const options = { what, conditions, target: words.target };
  const sentence = t(`sentence.${kind}`, options).replaceAll(/\s+/g, ' ').trim();
  return words.rest ? t('sentence.rest', { sentence, rest: words.rest }) : sentence;
}

/** What passes `lo` on its way into the host or out of it; what is forwarded is not the host's own. */
function isOwnTraffic(table: TableName, chain: string): boolean {
  return table === 'filter' && (chain === 'INPUT' || chain === 'OUTPUT');
}

const builtIn: readonly string[] = ['INPUT', 'FORWARD', 'OUTPUT', 'PREROUTING', 'POSTROUTING'];

/** What a verdict means where it stands: only table filter says who gets in, and only made chains have a caller. */
function kindAt(kind: RuleWords['kind'], table: TableName, chain: string) {
  if (kind === 'return' && builtIn.includes(chain)) return 'returnToPolicy';
  if (kind !== 'allow' || table === 'filter') return kind;
  return table === 'nat' ? 'allowInNat' : 'allowElsewhere';
}

/** Type 255 of IPv4 is every type, whatever code stands with it (`any` of the tool). */
function isAnyIcmp({ protocol, icmpType }: RuleWords): boolean {
  if (protocol?.text !== 'icmp' || protocol.not || !icmpType || icmpType.not) return false;
  return icmpType.text === '255' || icmpType.text.startsWith('255/');
}

/** A packet that is only RELATED begins a connection of its own. */
function isEstablished(held: RuleWords['states']): boolean {
  return (
    held !== null &&
    !held.not &&
    held.states.includes('ESTABLISHED') &&
    held.states.every((state) => state === 'ESTABLISHED' || state === 'RELATED')
  );
}

type Condition = 'from' | 'to' | 'in' | 'out' | 'sourcePort' | 'anyPort' | 'icmpType' | 'state';

function condition(t: TFunction, kind: Condition, words: Words | null): string {
  if (!words) return '';
  return t(`sentence.${words.not ? 'not' : 'is'}.${kind}`, { text: words.text });
}

/** Only where it is not the usual way: packets that come to this host need no word. */
function directionOf(t: TFunction, chain: string): string {
  if (chain === 'OUTPUT') return t('sentence.outgoing');
  return chain === 'FORWARD' ? t('sentence.forwarded') : '';
}

function subject(t: TFunction, protocol: Words | null, port: Words | null): string {
  if (!protocol) return t('sentence.everything');
  if (protocol.not) return t('sentence.exceptProtocol', { protocol: protocol.text });
  if (!port) return t('sentence.packets', { protocol: protocol.text });
  const ports = port.text.replaceAll(',', ', ');
  if (port.not) return t('sentence.exceptPort', { protocol: protocol.text, port: ports });
  const place = `${protocol.text}/${ports}`;
  const service = services[place];
  return service
    ? t('sentence.service', { service, port: place })
    : t('sentence.connections', { port: place });
}

/** `tcp/22`, `! udp`, or null when the rule is for every protocol. */
export function protocolPort(rule: Rule): string | null {
  const { protocol, destinationPort, anyPort } = describeRule(rule);
  if (!protocol) return null;
  const port = destinationPort ?? anyPort;
  const name = `${protocol.not ? '! ' : ''}${protocol.text}`;
  return port ? `${name}/${port.not ? '! ' : ''}${port.text.replaceAll(',', ', ')}` : name;
}

export function signed(words: Words): string {
  return words.not ? `! ${words.text}` : words.text;
}
