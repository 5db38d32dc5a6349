import { randomBytes, randomUUID } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { apiPaths, type Instance, problemOf, type Trial, trialPaths } from '@moru/types';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { startTestBff, type TestBff } from '../testing/bff.ts';
import type { Browser } from '../testing/browser.ts';
import type { Pair } from '../testing/certificates.ts';
import { type EmbeddedCloud, startEmbeddedCloud } from '../testing/embedded-cloud.ts';
import { enrolHost, withEnrolment } from '../testing/enrolled-hosts.ts';
import { type AgentCall, type FakeAgent, startFakeAgent } from '../testing/fake-agent.ts';
import { instanceNamed } from '../testing/instances.ts';

let folder: string;
let ca: string;
let pair: Pair;
let cloud: EmbeddedCloud;
let agent: FakeAgent;
let bff: TestBff;
let admin: Browser;
let web: Instance;
let environment: Record<string, string>;
/** what the stand-in's host has; null: no trial */
let trial: Trial | null;

const secret = 's'.repeat(43);
const revision = 'a'.repeat(64);
const id = '00ff00ff00ff00ff';

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'moru-bff-trials-'));
  cloud = await startEmbeddedCloud();
  const keyFile = join(folder, 'secret.key');
  await writeFile(keyFile, randomBytes(32).toString('hex'));
  environment = { MORU_DATA: join(folder, 'data'), MORU_SECRET_KEY_FILE: keyFile };
  const direct = await startTestBff(cloud, { ...environment, ...withEnrolment });
  const browser = await direct.browser('admin');
  web = await instanceNamed(browser, 'web-01');
  const { certificate, key, authorities } = await enrolHost(direct, browser, web.id);
  pair = { certificate, key };
  [ca = ''] = authorities;
  await direct.close();
}, 60_000);
afterAll(async () => {
  await cloud.stop();
  await rm(folder, { recursive: true });
});

function answerOf({ method, path, body }: AgentCall) {
  const given = body as { secret?: string; idempotencyKey?: string; note?: string } | undefined;
  const ok = (document: unknown) => ({ status: 200, body: document });
  if (method === 'POST' && path === trialPaths.trials) {
    trial = applied(given?.idempotencyKey ?? '', given?.note ?? '');
    return { status: 201, body: { ...trial, secret } };
  }
  if (path === trialPaths.current) return ok({ trial: trial?.state === 'applied' ? trial : null });
  if (!trial) return { status: 404, body: problemOf('trial.notFound') };
  if (path.endsWith('/confirm')) {
    if (given?.secret !== secret) return { status: 403, body: problemOf('trial.secret') };
    const at = new Date().toISOString();
    const confirmed = { at, generation: 2, saved: [], kept: [], trouble: '' };
    trial = { ...trial, state: 'confirmed', remainingMs: null, confirmed };
  } else if (path.endsWith('/revert')) trial = { ...trial, state: 'reverting', remainingMs: null };
  else if (path.endsWith('/extend')) trial = { ...trial, remainingMs: 120_000 };
  return ok(trial);
}

const applied = (key: string, note: string): Trial => ({
  ...{ id, state: 'applied', author: 'admin-user', note, save: false, waitSeconds: 60, key },
  ...{ startedAt: new Date().toISOString(), remainingMs: 60_000, sshPorts: [22], routes: null },
  ...{ revisions: { ipv4: { before: revision, after: revision } } },
  ...{ reverted: null, confirmed: null, trouble: null },
});

beforeEach(async () => {
  trial = null;
  inStore('delete from trial');
  agent = await startFakeAgent(join(folder, 'agent.sock'), ca, () => pair);
  agent.reply = answerOf;
  bff = await startTestBff(cloud, {
    ...environment,
    MORU_HOSTS: 'simulated',
    MORU_AGENT_SOCKET: join(folder, 'agent.sock'),
  });
  admin = await bff.browser('admin');
}, 60_000);
afterEach(async () => {
  await bff.close();
  await agent.close();
});

const change = (more: object = {}) => ({
  ipv4: { revision, rules: '*filter\nCOMMIT\n' },
  key: randomUUID(),
  note: 'SSH',
  waitSeconds: 60,
  ...more,
});
const start = (more: object = {}) => admin.post(apiPaths.instanceTrials(web.id), change(more));
const act = (browser: Browser, path: string, body: object = {}) => browser.post(path, body);
const inStore = (sql: string) => {
  const store = new DatabaseSync(join(folder, 'data/moru.db'));
  store.exec(sql);
  store.close();
};

test('whoever applied a change confirms it in any session, over a new connection; the secret stays here', async () => {
  const { status, body, text } = await start();
  expect({ status, body }).toMatchObject({ status: 200, body: { mine: true, contact: true, trial: { id } } });
  expect(text).not.toContain(secret);
  const [sent] = agent.calls.filter(({ path }) => path === trialPaths.trials);
  expect(sent?.body).toMatchObject({ author: 'admin-user', access: { console: [], administrator: null } });
  const before = agent.connections;
  const later = await bff.browser('admin');
  expect((await later.get(apiPaths.currentTrial(web.id))).body.trial).toMatchObject({ mine: true });
  expect((await later.get(apiPaths.trials)).body.trials).toMatchObject([{ key: body.key }]);
  const confirmed = await act(later, apiPaths.trialConfirm(web.id, id));
  expect(confirmed.body).toMatchObject({ trial: { state: 'confirmed' }, mine: false });
  expect(agent.connections).toBeGreaterThan(before);
  expect((await admin.get(apiPaths.trials)).body.trials).toEqual([]);
  const { records } = (await admin.get('/api/audit')).body;
  expect(JSON.stringify(records)).not.toContain(secret);
  expect(bff.logged.join('')).not.toContain(secret);
  expect(records.slice(0, 2)).toMatchObject([
    { action: 'trial.confirm', phase: 'succeeded', detail: { trial: id, state: 'confirmed' } },
    { action: 'trial.confirm', phase: 'intent' },
  ]);
});

test('T21: another admin sees it and may revert; confirming for somebody is a right of its own, and logged', async () => {
  await start();
  inStore("update trial set user_id = 'somebody', user_name = 'somebody'");
  const { trial: seen } = (await admin.get(apiPaths.currentTrial(web.id))).body;
  expect(seen).toMatchObject({ mine: false, confirmable: true, appliedBy: { name: 'somebody' } });
  const refused = await act(admin, apiPaths.trialConfirm(web.id, id));
  expect(refused).toMatchObject({ status: 403, body: { code: 'trial.secret' } });
  expect(await act(admin, apiPaths.trialExtend(web.id, id), { waitSeconds: 60 })).toMatchObject({
    status: 403,
  });
  expect(trial?.state).toBe('applied');
  expect(await act(admin, apiPaths.trialConfirmForOther(web.id, id))).toMatchObject({ status: 400 });
  const forOther = await act(admin, apiPaths.trialConfirmForOther(web.id, id), { why: '휴가' });
  expect(forOther.body).toMatchObject({ trial: { state: 'confirmed' } });
  const { records } = (await admin.get('/api/audit')).body;
  expect(records[0]).toMatchObject({ action: 'trial.confirmForOther', phase: 'succeeded' });
  expect(records[1]).toMatchObject({ phase: 'intent', detail: { trial: id, why: '휴가' } });
  expect(records.map(({ phase }: { phase: string }) => phase)).toContain('refused');
});

test('a member sees it and cannot touch it; any admin reverts', async () => {
  await start();
  const member = await bff.browser('member');
  expect((await member.get(apiPaths.currentTrial(web.id))).status).toBe(200);
  expect((await act(member, apiPaths.trialRevert(web.id, id))).status).toBe(403);
  const { body } = await act(admin, apiPaths.trialRevert(web.id, id), { reason: 'probe' });
  expect(body).toMatchObject({ trial: { state: 'reverting' }, deadlineAt: null });
  expect(agent.calls.find(({ path }) => path.endsWith('/revert'))?.body).toEqual({
    reason: 'probe',
    author: 'admin-user',
  });
});

test('a host that does not answer: what is known, how old it is, and until when it reverts by itself', async () => {
  const started = await start();
  agent.reply = () => 'drop';
  const { trial: seen } = (await admin.get(apiPaths.currentTrial(web.id))).body;
  expect(seen).toMatchObject({ contact: false, trial: { id, state: 'applied' }, mine: true });
  expect(Math.abs(Date.parse(seen.deadlineAt) - Date.parse(started.body.deadlineAt))).toBeLessThan(5_000);
  const { body } = await admin.get(apiPaths.trialProbes(web.id, id));
  expect(body).toMatchObject({
    agent: { state: 'failed' },
    ssh: { state: 'none' },
    view: { contact: false },
  });
});

test('F1: a start whose answer is lost is found again by its key, and made once', async () => {
  let lost = false;
  agent.reply = (call) => {
    const answer = answerOf(call);
    if (call.path !== trialPaths.trials || lost) return answer;
    lost = true;
    return 'drop';
  };
  const { status, body } = await start();
  expect({ status, body }).toMatchObject({ status: 200, body: { mine: true, trial: { id } } });
});

test('a start that the host could never answer is found by its key once the host is back, and how it ended', async () => {
  agent.reply = (call) => {
    if (call.path === trialPaths.trials) answerOf(call);
    return 'drop';
  };
  const { status, body } = await start();
  expect({ status, body }).toMatchObject({ body: { code: 'outcome.unknown' } });
  const [{ key }] = (await admin.get(apiPaths.trials)).body.trials;
  const byKey = apiPaths.trial(web.id, key);
  expect((await admin.get(byKey)).body).toMatchObject({ key, trial: null, contact: false });
  agent.reply = (call) => {
    if (call.path === trialPaths.current) return { status: 200, body: { trial: null } };
    const reverted = { reason: 'expired', by: 'guard', at: null, author: null, steps: [], words: '' };
    return { status: 200, body: { ...trial, state: 'reverted', remainingMs: null, reverted } };
  };
  expect((await admin.get(byKey)).body).toMatchObject({
    contact: true,
    trial: { id, key, state: 'reverted', reverted: { by: 'guard' } },
  });
  expect((await admin.get(apiPaths.trials)).body.trials).toEqual([]);
  // what the host did by itself is told once, however often it is looked at
  await admin.get(byKey);
  const { records } = (await admin.get('/api/audit?action=trial.revert')).body;
  const byHost = records.filter(({ actor }: { actor: { role: string } }) => actor.role === 'host');
  expect(byHost).toMatchObject([
    {
      ...{ phase: 'succeeded', actor: { role: 'host', name: 'web-01' } },
      ...{ target: { id: web.id, name: 'web-01' }, detail: { reason: 'expired', by: 'guard' } },
    },
  ]);
});

test('refusals come through with what they are about, and leave no trial behind', async () => {
  const access = {
    ...{ hostname: 'web-01', sshPorts: [22], paths: [], reach: [], keepConsole: [] },
    needs: { lost: ['consoleAgent ipv4 10.0.0.1 7443'], unknown: [] },
  };
  agent.reply = () => ({ status: 409, body: { ...problemOf('trial.pathLost'), access } });
  const { status, body } = await start();
  expect({ status, body }).toMatchObject({ status: 409, body: { code: 'trial.pathLost', access } });
  expect((await admin.get(apiPaths.trials)).body.trials).toEqual([]);
});
