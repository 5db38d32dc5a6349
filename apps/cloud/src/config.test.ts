import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { ConfigError, readConfig } from './config.ts';
import { defaultDurations } from './instances/lifecycle.ts';
import { accounts } from './testing/test-cloud.ts';

function accountsFile(content: string): string {
  const directory = mkdtempSync(join(tmpdir(), 'moru-config-test-'));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  const path = join(directory, 'accounts.json');
  writeFileSync(path, content);
  return path;
}

function problems(environment: Record<string, string>): string[] {
  try {
    readConfig(environment);
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
  return [];
}

test('the smallest configuration, with the defaults', () => {
  const environment = {
    MORU_CLOUD_LISTEN: '[::1]:8080',
    MORU_CLOUD_DATA: '/data',
    MORU_ACCOUNTS: accountsFile(JSON.stringify(accounts)),
  };
  expect(readConfig(environment)).toEqual({
    host: '::1',
    port: 8080,
    dataDirectory: '/data',
    hostsSocket: null,
    accounts,
    attachMs: 1500,
    durations: defaultDurations,
    servers: 500,
    fleet: 0,
    checkAnswers: false,
    faults: false,
  });
});

test('durations by transition, and all at once', () => {
  const durations = (text: string) =>
    readConfig({
      MORU_CLOUD_LISTEN: '[::1]:8080',
      MORU_CLOUD_DATA: '/data',
      MORU_ACCOUNTS: accountsFile(JSON.stringify(accounts)),
      MORU_CLOUD_DURATIONS: text,
    }).durations;
  expect(durations('spawning=10, powering-off=20')).toEqual({
    ...defaultDurations,
    spawning: 10,
    'powering-off': 20,
  });
  expect(new Set(Object.values(durations('all=5')))).toEqual(new Set([5]));
});

test('every problem is named at once', () => {
  const found = problems({
    MORU_CLOUD_LISTEN: 'localhost',
    MORU_ACCOUNTS: '/nowhere/accounts.json',
    MORU_CLOUD_ATTACH_MS: 'soon',
    MORU_CLOUD_DURATIONS: 'spawning=1,sleeping=2',
    MORU_CLOUD_SERVERS: '0',
    MORU_CLOUD_FLEET: '10001',
    MORU_CLOUD_CHECK_ANSWERS: 'true',
    MORU_CLOUD_FAULTS: 'yes',
  });
  expect(found.map((line) => line.split(':')[0])).toEqual([
    'MORU_CLOUD_LISTEN',
    'MORU_CLOUD_DATA',
    'MORU_ACCOUNTS',
    'MORU_CLOUD_ATTACH_MS',
    'MORU_CLOUD_DURATIONS',
    'MORU_CLOUD_SERVERS',
    'MORU_CLOUD_FLEET',
    'MORU_CLOUD_CHECK_ANSWERS',
    'MORU_CLOUD_FAULTS',
  ]);
});

test('an accounts file that cannot be used is explained without its secrets', () => {
  const base = { MORU_CLOUD_LISTEN: '127.0.0.1:0', MORU_CLOUD_DATA: '/data' };
  const wrong = (content: string) => problems({ ...base, MORU_ACCOUNTS: accountsFile(content) }).join('\n');
  expect(wrong('[{"secret":"hunter2"')).toMatch(/is not JSON$/);
  expect(wrong('[{"secret":"hunter2"}]')).toMatch(/0\.id: /);
  expect(wrong('[]')).not.toBe('');
  expect(wrong(JSON.stringify([accounts[0], accounts[0]]))).toMatch(/used twice/);
  expect(wrong('[{"secret":"hunter2"}]')).not.toContain('hunter2');
});
