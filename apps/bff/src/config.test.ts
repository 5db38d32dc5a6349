import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { ConfigError, loadConfig } from './config.ts';
import { canary, testAccounts } from './testing/accounts.ts';

const folder = mkdtempSync(join(tmpdir(), 'moru-bff-config-'));
afterAll(() => rmSync(folder, { recursive: true }));

const keyFile = join(folder, 'secret.key');
writeFileSync(keyFile, `${'ab'.repeat(32)}\n`);
const accountsFile = join(folder, 'accounts.json');
writeFileSync(accountsFile, JSON.stringify(testAccounts()));

const usual = {
  MORU_BFF_LISTEN: '127.0.0.1:0',
  MORU_PUBLIC_URL: 'http://127.0.0.1:4000',
  MORU_INSTALLATION_ID: 'a1b2',
  MORU_DATA: folder,
  MORU_IAM_URL: 'http://127.0.0.1:9/',
  MORU_BCS_URL: 'http://127.0.0.1:9',
  MORU_NETWORK_URL: 'http://127.0.0.1:9',
  MORU_VPC_URL: 'http://127.0.0.1:9',
  MORU_SECRET_KEY_FILE: keyFile,
};

function problemsOf(environment: Record<string, string>): string[] {
  try {
    loadConfig(environment);
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
}

test('a complete environment is read; base addresses lose their last slash', () => {
  const config = loadConfig(usual);
  expect(config.listen).toEqual({ kind: 'tcp', host: '127.0.0.1', port: 0 });
  expect(config.cloud.iam).toBe('http://127.0.0.1:9');
  expect(config.secretKey).toHaveLength(32);
  expect(config).toMatchObject({ embedded: false, accounts: [], hosts: 'real' });
  expect(config.enrolment).toEqual({
    listen: null,
    automatic: false,
    certificateLifeMs: 90 * 86_400_000,
    checkInSeconds: 900,
    installCommand: expect.stringContaining('moru-agent'),
  });
});

test('the price of a Public IP is an amount and a currency, or nothing', () => {
  const priceOf = (text: string) => loadConfig({ ...usual, MORU_PUBLIC_IP_PRICE: text }).publicIpPrice;
  expect(priceOf('4.2 KRW')).toEqual({ perHour: 4.2, currency: 'KRW' });
  expect(loadConfig(usual).publicIpPrice).toBeUndefined();
  for (const text of ['4.2', 'KRW 4.2', '-1 KRW', '4,2 KRW', '4.2 krw']) {
    expect(problemsOf({ ...usual, MORU_PUBLIC_IP_PRICE: text })).toEqual([
      expect.stringContaining('MORU_PUBLIC_IP_PRICE'),
    ]);
  }
});

test('every problem is named at once', () => {
  const problems = problemsOf({ MORU_PUBLIC_URL: 'ftp://x', MORU_INSTALLATION_ID: 'NO', MORU_DATA: 'rel' });
  for (const name of ['MORU_PUBLIC_URL', 'MORU_INSTALLATION_ID', 'MORU_DATA', 'MORU_IAM_URL']) {
    expect(problems.filter((problem) => problem.startsWith(name))).toHaveLength(1);
  }
  const files = problemsOf({
    ...usual,
    MORU_BFF_SOCKET: '/run/x.sock',
    MORU_SECRET_KEY_FILE: accountsFile,
    MORU_ACCOUNTS: keyFile,
    MORU_ENROLMENT_LISTEN: '0.0.0.0:7444',
  });
  expect(files.map((problem) => problem.split(':')[0])).toEqual([
    'MORU_BFF_SOCKET, MORU_BFF_LISTEN',
    'MORU_SECRET_KEY_FILE',
    'MORU_ACCOUNTS',
    'MORU_ENROLMENT_LISTEN, MORU_ENROLMENT_URL',
  ]);
  expect(files.join()).not.toContain(canary);
});

test.each([
  ['0.0.0.0:8080', 1],
  ['192.0.2.1:8080', 1],
  ['console.example:8080', 1],
  ['[::]:8080', 1],
  ['127.0.0.1:8080', 0],
  ['[::1]:8080', 0],
  ['localhost:8080', 0],
])('seeded accounts on %s: %i problems', (address, count) => {
  const environment = { ...usual, MORU_BFF_LISTEN: address, MORU_ACCOUNTS: accountsFile };
  expect(problemsOf(environment)).toHaveLength(count);
});

test('seeded accounts behind a unix socket are taken', () => {
  const { MORU_BFF_LISTEN: _, ...rest } = usual;
  const config = loadConfig({ ...rest, MORU_BFF_SOCKET: '/run/bff.sock', MORU_ACCOUNTS: accountsFile });
  expect(config.embedded).toBe(true);
  expect(config.accounts.map(({ role }) => role)).toEqual(['admin', 'member', 'reader']);
});

test('hosts enrol where the address is and what they are told; images with the agent need no installing', () => {
  const environment = {
    ...usual,
    MORU_HOSTS: 'namespaces',
    MORU_ENROLMENT_LISTEN: '[::]:7444',
    MORU_ENROLMENT_URL: 'https://console.example:7444/',
    MORU_CERTIFICATE_DAYS: '0.5',
  };
  expect(loadConfig(environment).enrolment).toMatchObject({
    listen: { host: '::', port: 7444, url: 'https://console.example:7444' },
    certificateLifeMs: 12 * 3_600_000,
    installCommand: null,
  });
  expect(problemsOf({ ...environment, MORU_ENROLMENT_URL: 'http://console.example' })).toHaveLength(1);
});
