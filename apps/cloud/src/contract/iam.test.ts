import { beforeAll } from 'vitest';
import { type Fact, hold } from '../testing/facts.ts';
import { exactly, type Fields, listOf, text, time } from '../testing/shapes.ts';
import { accounts } from '../testing/test-cloud.ts';

const tokens = '/identity/v3/auth/tokens';
const [admin] = accounts;

const signIn = (credential: unknown, methods: unknown = ['application_credential']) => ({
  auth: { identity: { methods, application_credential: credential } },
});
const byId = { id: 'key-of-admin', secret: 'secret-of-admin' };
const byName = { name: 'admin-name', secret: 'secret-of-admin', user: { id: 'user-of-admin' } };

const domain: Fields = { id: text, name: text };
const token = (role: string, user: string): Fields => ({
  token: {
    methods: exactly(['application_credential']),
    user: { id: exactly(`user-of-${user}`), name: text, domain, password_expires_at: exactly(null) },
    project: { id: exactly(admin?.projectId), name: exactly('demo'), domain },
    roles: listOf({ id: exactly(role), name: exactly(role) }, 1),
    is_domain: exactly(false),
    audit_ids: listOf(text, 1),
    // One address serves everything here, and nobody needs to be told it.
    catalog: exactly([]),
    issued_at: time,
    expires_at: time,
    application_credential: { id: exactly(`key-of-${user}`), name: text, restricted: exactly(true) },
  },
});
const keystoneError = (code: number): Fields => ({
  error: { code: exactly(code), message: text, title: text },
});

const subjects: Record<string, string> = {};
const facts: Fact[] = [
  {
    says: 'C.1 a token for an access key named by its id',
    method: 'POST',
    path: tokens,
    as: null,
    body: signIn(byId),
    status: 201,
    answer: token('admin', 'admin'),
  },
  {
    says: 'C.1 a token for an access key named by its name and its owner',
    method: 'POST',
    path: tokens,
    as: null,
    body: signIn(byName),
    status: 201,
    answer: token('admin', 'admin'),
  },
  ...(
    [
      ['a wrong secret', signIn({ ...byId, secret: 'wrong' }), 401],
      ['an unknown key', signIn({ id: 'made-up', secret: 'wrong' }), 401],
      ['a name without its owner', signIn({ name: 'admin-name', secret: 'secret-of-admin' }), 400],
      ['the right name of another owner', signIn({ ...byName, user: { id: 'user-of-member' } }), 401],
      ['another method', signIn(byId, ['password']), 400],
      ['no method', signIn(byId, []), 400],
      ['an empty body', {}, 400],
      ['no JSON', 'auth', 400],
    ] as const
  ).map(
    ([what, body, status]): Fact => ({
      says: `C.1 ${what} is a ${status} in Keystone’s form`,
      method: 'POST',
      path: tokens,
      as: null,
      body,
      status,
      answer: keystoneError(status),
    }),
  ),
  {
    says: 'C.1 a token tells about itself',
    path: tokens,
    as: 'member',
    headers: subjects,
    status: 200,
    answer: token('member', 'member'),
  },
  {
    says: 'C.1 without X-Auth-Token nothing is told about a token',
    path: tokens,
    as: null,
    headers: subjects,
    status: 401,
    answer: keystoneError(401),
  },
  {
    says: 'C.1 without X-Subject-Token there is nothing to tell about',
    path: tokens,
    as: 'member',
    status: 400,
    answer: keystoneError(400),
  },
  {
    says: 'C.1 an unknown token is a 404',
    path: tokens,
    as: 'member',
    headers: { 'x-subject-token': 'made-up' },
    status: 404,
    answer: keystoneError(404),
  },
  {
    says: 'C.1 another’s token is an admin’s to ask about',
    path: tokens,
    as: 'reader',
    headers: subjects,
    status: 403,
    answer: keystoneError(403),
  },
  {
    says: 'C.1 an admin may ask about another’s token',
    path: tokens,
    headers: subjects,
    status: 200,
    answer: token('member', 'member'),
  },
  {
    says: 'C.1 a token of another project answers like an unknown one',
    path: tokens,
    as: 'stranger',
    headers: subjects,
    status: 404,
    answer: keystoneError(404),
  },
  { says: 'C.1 a token is revoked', method: 'DELETE', path: tokens, headers: subjects, status: 204 },
  {
    says: 'C.1 a revoked token opens nothing',
    path: '/api/v1/instances',
    as: null,
    headers: {
      get 'x-auth-token'() {
        return subjects['x-subject-token'] ?? '';
      },
    },
    status: 401,
  },
];

const { cloud } = hold(facts);
beforeAll(async () => {
  subjects['x-subject-token'] = await cloud.signIn('member');
});
