import { expect, it } from 'vitest';
import { instanceName, isMark, markOf, readTarget, refusal, runId } from './target.ts';

const key = { MORU_ADMIN_KEY_ID: 'id', MORU_ADMIN_SECRET: 'secret' };

it('is an embedded installation without BASE_URL', () => {
  expect(readTarget({ ...key, MORU_ALLOW_CHANGES: '1' })).toBeNull();
});

it('reads an installation, which it does not change unless somebody says so', () => {
  const base = { BASE_URL: 'https://console.example/path', ...key };
  expect(readTarget(base)).toMatchObject({
    url: 'https://console.example',
    keys: { admin: { accessKeyId: 'id', secret: 'secret' } },
    mayChange: false,
    hosts: 'console',
  });
  expect(readTarget({ ...base, MORU_ALLOW_CHANGES: 'yes' })?.mayChange).toBe(false);
  expect(readTarget({ ...base, MORU_ALLOW_CHANGES: '1', MORU_HOST_ACCESS: 'ssh' })).toMatchObject({
    mayChange: true,
    hosts: 'ssh',
  });
});

it.each([
  [{ BASE_URL: 'console.example' }, 'BASE_URL is not a URL'],
  [{ BASE_URL: 'https://console.example' }, 'MORU_ADMIN_KEY_ID and MORU_ADMIN_SECRET'],
  [{ BASE_URL: 'https://console.example', MORU_READER_KEY_ID: 'id' }, 'MORU_READER_KEY_ID and'],
  [{ BASE_URL: 'https://console.example', ...key, MORU_HOST_ACCESS: 'telnet' }, 'ssh or console'],
])('says what is missing in %o', (environment, words) => {
  expect(() => readTarget(environment)).toThrow(words);
});

it('lets a flow run elsewhere only when it says that it can, and one that changes only with leave', () => {
  const target = readTarget({ BASE_URL: 'https://console.example', ...key });
  const open = target && { ...target, mayChange: true };
  const anywhere = { tags: ['@anywhere'], changes: [] };
  const changing = { tags: ['@anywhere'], changes: ['rules'] };
  expect(refusal(null, { tags: [], changes: ['rules'] })).toBeNull();
  expect(refusal(open, { tags: ['@smoke'], changes: [] })).toContain('embedded');
  expect(refusal(target, anywhere)).toBeNull();
  expect(refusal(target, changing)).toContain('changes rules');
  expect(refusal(open, changing)).toBeNull();
});

it('puts other instances in place of the embedded ones', () => {
  const environment = { MORU_INSTANCES: 'web-01=prod-web-3, web-02=gw=1' };
  expect(instanceName('web-01', environment)).toBe('prod-web-3');
  expect(instanceName('db-01', environment)).toBe('db-01');
});

it('marks a run once, and knows its marks again', () => {
  const environment: NodeJS.ProcessEnv = {};
  expect(runId(environment)).toBe(runId(environment));
  expect(isMark(markOf(runId(environment)))).toBe(true);
  expect(isMark('moru-flow of somebody')).toBe(false);
});
