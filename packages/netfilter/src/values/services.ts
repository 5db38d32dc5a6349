import { NetfilterError } from '../error.ts';
import { parseUnsigned } from './number.ts';

/** The service names that people type; anything else is typed as a number. Not a copy of /etc/services. */
const services: Readonly<Record<string, number>> = {
  ftp: 21,
  'ftp-data': 20,
  ssh: 22,
  telnet: 23,
  smtp: 25,
  domain: 53,
  bootps: 67,
  bootpc: 68,
  tftp: 69,
  http: 80,
  www: 80,
  kerberos: 88,
  pop3: 110,
  sunrpc: 111,
  ntp: 123,
  imap2: 143,
  imap: 143,
  snmp: 161,
  'snmp-trap': 162,
  snmptrap: 162,
  bgp: 179,
  ldap: 389,
  https: 443,
  'microsoft-ds': 445,
  submissions: 465,
  isakmp: 500,
  syslog: 514,
  submission: 587,
  ldaps: 636,
  domains: 853,
  'domain-s': 853,
  rsync: 873,
  imaps: 993,
  pop3s: 995,
  openvpn: 1194,
  'ms-sql-s': 1433,
  nfs: 2049,
  mysql: 3306,
  'ms-wbt-server': 3389,
  'ipsec-nat-t': 4500,
  sip: 5060,
  postgresql: 5432,
  mdns: 5353,
  amqp: 5672,
  redis: 6379,
  'http-alt': 8080,
};

/** Port number of a number or a service name; -1 when it is neither. */
export function portNumber(text: string): number {
  const number = parseUnsigned(text, 65535);
  return number >= 0 ? number : Object.hasOwn(services, text) ? (services[text] ?? -1) : -1;
}

/** As `portNumber`, but throws. */
export function requirePort(text: string): number {
  const port = portNumber(text);
  if (port < 0) throw new NetfilterError('port.invalid', { word: text, expected: '0-65535 | service' });
  return port;
}
