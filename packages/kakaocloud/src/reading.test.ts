import { expect, test } from 'vitest';
import {
  bcsPaths,
  errorMessage,
  instanceListAnswerSchema,
  issueTokenSchema,
  networkInterfaceListAnswerSchema,
  publicIpDetailAnswerSchema,
  strictPublicIpDetailAnswerSchema,
  tokenAnswerSchema,
  updatePublicIpSchema,
} from './index.ts';

const publicIp = {
  id: '4be2ab15-5e1a-4a17-93e2-0f0f3f4a6f01',
  status: 'in_use',
  description: '',
  project_id: '0123456789abcdef0123456789abcdef',
  public_ip: '203.0.113.21',
  private_ip: '10.10.0.21',
  created_at: '2026-11-22T09:00:00Z',
  updated_at: '2026-11-22T09:00:00Z',
  related_resource: null,
};

test('a status that the cloud adds one day is read, and never written', () => {
  const body = { public_ip: { ...publicIp, status: 'detaching' } };
  expect(publicIpDetailAnswerSchema.parse(body).public_ip.status).toBe('detaching');
  expect(strictPublicIpDetailAnswerSchema.safeParse(body).success).toBe(false);
  expect(strictPublicIpDetailAnswerSchema.safeParse({ public_ip: publicIp }).success).toBe(true);
});

test('an instance with nothing but its id is read; null and missing lists become empty', () => {
  const pagination = { total: 2, offset: 0, limit: 20 };
  const { instances } = instanceListAnswerSchema.parse({
    instances: [{ id: 'a' }, { id: 'b', addresses: null, status: 'DREAMING', extra: 1 }],
    pagination,
  });
  expect(instances[0]).toMatchObject({ id: 'a', name: null, addresses: [], flavor: null, created_at: null });
  expect(instances[1]).toMatchObject({ addresses: [], status: 'DREAMING' });
  expect(networkInterfaceListAnswerSchema.parse({ network_interfaces: null })).toEqual({
    network_interfaces: [],
    pagination: null,
  });
});

test('an answer of another type is refused', () => {
  const pagination = { total: 1, offset: 0, limit: 20 };
  expect(instanceListAnswerSchema.safeParse({ instances: [{ name: 'no id' }], pagination }).success).toBe(
    false,
  );
  expect(instanceListAnswerSchema.safeParse({ instances: [] }).success).toBe(false);
});

test('times with an offset are read as UTC', () => {
  const body = { public_ip: { ...publicIp, created_at: '2026-11-22T18:00:00.123456+09:00' } };
  expect(publicIpDetailAnswerSchema.parse(body).public_ip.created_at).toBe('2026-11-22T09:00:00.123Z');
});

test('a token without an end is refused', () => {
  const token = { user: { id: 'u', name: 'kim' }, project: { id: 'p', name: 'demo' }, roles: [] };
  expect(tokenAnswerSchema.safeParse({ token }).success).toBe(false);
  const read = tokenAnswerSchema.parse({ token: { ...token, expires_at: '2026-11-22T21:00:00Z' } });
  expect(read.token).toMatchObject({ methods: [], application_credential: null });
});

test('both forms of the sign-in body are taken, others not', () => {
  const body = (application_credential: unknown, methods = ['application_credential']) => ({
    auth: { identity: { methods, application_credential } },
  });
  const forms = [
    { id: 'key', secret: 's' },
    { name: 'key', secret: 's', user: { id: 'u' } },
  ];
  for (const form of forms) expect(issueTokenSchema.safeParse(body(form)).success).toBe(true);
  expect(issueTokenSchema.safeParse(body({ name: 'key', secret: 's' })).success).toBe(false);
  expect(issueTokenSchema.safeParse(body(forms[0], ['password'])).success).toBe(false);
});

test('a description holds one printable line', () => {
  const put = (description: string) => updatePublicIpSchema.safeParse({ public_ip: { description } }).success;
  expect(put('점검용 주소')).toBe(true);
  expect(put('two\nlines')).toBe(false);
  expect(put('x'.repeat(101))).toBe(false);
});

test('ids cannot leave their segment of a path; route parameters stay', () => {
  expect(bcsPaths.instance('../keypairs')).toBe('/api/v1/instances/..%2Fkeypairs');
  expect(bcsPaths.instance(':a/b')).toBe('/api/v1/instances/%3Aa%2Fb');
  expect(new URL(bcsPaths.instance('..'), 'http://cloud').pathname).toBe('/api/v1/instances/%252E%252E');
  expect(bcsPaths.interfacePublicIps(':instanceId', ':nicId')).toBe(
    '/api/v1/instances/:instanceId/network-interfaces/:nicId/public-ips',
  );
});

test('both forms of an error give their message', () => {
  expect(errorMessage({ error: { code: 'Conflict', message: 'taken' } })).toBe('taken');
  expect(errorMessage({ error: { code: 401, message: 'no', title: 'Unauthorized' } })).toBe('no');
  expect(errorMessage('<html>')).toBeNull();
});
