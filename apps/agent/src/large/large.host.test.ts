import { readFile } from 'node:fs/promises';
import { checkAnswerSchema, firewallStateSchema } from '@moru/types';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { failpoints } from '../process/failpoints.ts';
import { startHost, type TestBackend, type TestHost } from '../testing/host.ts';
import { childOf } from '../testing/processes.ts';
import { shortWait, trialClient, until } from '../testing/trial-client.ts';

/** Above what the agent takes on itself (limits.ts), and quick to load all the same. */
const ruleCount = 4_800;
const address = (index: number) => `10.1.${index >> 8}.${index & 255}`;
const manyRules = Array.from(
  { length: ruleCount },
  (_, index) =>
    `-A INPUT -s ${address(index)}/32 -p tcp -m tcp --dport ${1 + index} -m comment --comment ${'x'.repeat(180)} -j DROP`,
);
const headers = [':INPUT ACCEPT [0:0]', ':FORWARD ACCEPT [0:0]', ':OUTPUT ACCEPT [0:0]'];
const fileOf = (rules: string[]) => ['*filter', ...headers, ...rules, 'COMMIT', ''].join('\n');

// each job starts a program, which a busy machine takes seconds for
vi.setConfig({ testTimeout: 180_000, hookTimeout: 180_000 });

describe.each<TestBackend>(['legacy', 'nft'])(
  'more rules than the agent reads itself, with %s',
  (backend) => {
    let host: TestHost;

    const state = async () => {
      const { status, body } = await host.client('GET', '/v1/firewall?family=ipv4');
      expect(status).toBe(200);
      return firewallStateSchema.parse(body);
    };
    const inputOf = ({ tables }: Awaited<ReturnType<typeof state>>) =>
      tables.find(({ name }) => name === 'filter')?.chains.find(({ name }) => name === 'INPUT')?.rules ?? [];
    const append = (rule: string, revision: string) => {
      const place = { family: 'ipv4', table: 'filter', chain: 'INPUT' };
      return host.client('POST', '/v1/firewall/changes', { type: 'append', ...place, revision, rule });
    };
    const load = async (rules: string[]) =>
      expect(await host.run('iptables-restore', [], fileOf(rules))).toMatchObject({ exitCode: 0 });
    /** Jobs so far, without those of the watch. */
    const jobs = () =>
      (host.said().match(/"message":"job".*/g) ?? []).filter((line) => !line.includes('"requestId":"agent"'))
        .length;
    /** Children of the agent that handle a request, as the machine counts them. */
    const jobPids = async (): Promise<number[]> => {
      const agentPid = await childOf(host.agent.pid ?? 0);
      const children = await readFile(`/proc/${agentPid}/task/${agentPid}/children`, 'utf8');
      const pids = children.trim().split(' ').filter(Boolean).map(Number);
      const lines = await Promise.all(
        pids.map((pid) => readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')),
      );
      return pids.filter((_, index) => lines[index]?.endsWith('\0job\0'));
    };
    const noJobs = () => until(60_000, async () => (await jobPids()).length === 0);
    const killJob = async () => {
      const pid = await until(60_000, async () => (await jobPids())[0]);
      process.kill(pid, 'SIGKILL');
    };

    beforeAll(async () => {
      host = await startHost(backend, {
        ...shortWait,
        MORU_AGENT_FAILPOINT_FILE: '/run/moru-failpoint',
      });
    });
    afterAll(() => host.stop());
    beforeEach(async () => {
      await load(manyRules);
      // it reads them too, in a job of its own
      await until(60_000, async () => (await host.client('GET', '/v1/watch')).body.ipv4?.rules === ruleCount);
      await noJobs();
    });

    it('T14: reads and changes them in children that end, as it does others by itself', async () => {
      const before = jobs();
      const shown = await state();
      expect(inputOf(shown)).toHaveLength(ruleCount);
      expect(inputOf(shown)[ruleCount - 1]).toMatchObject({ number: ruleCount, packets: '0' });

      const added = await append('-p tcp --dport 22 -j ACCEPT', shown.revision);
      expect(added).toMatchObject({ status: 200 });
      const rules = inputOf(firewallStateSchema.parse(added.body));
      expect(rules[ruleCount]).toMatchObject({
        number: ruleCount + 1,
        text: '-p tcp -m tcp --dport 22 -j ACCEPT',
      });
      const { stdout } = await host.run('iptables', ['-S', 'INPUT', `${ruleCount + 1}`]);
      expect(stdout.trim()).toBe('-A INPUT -p tcp -m tcp --dport 22 -j ACCEPT');

      const { revision } = firewallStateSchema.parse(added.body);
      const stale = await host.client('POST', '/v1/firewall/save', {
        family: 'ipv4',
        revision: 'a'.repeat(64),
      });
      expect(stale).toMatchObject({ status: 409, body: { code: 'revision.stale', state: { revision } } });
      const saved = await host.client('POST', '/v1/firewall/save', { family: 'ipv4', revision });
      expect(saved).toMatchObject({ status: 200, body: { saved: { matches: true } } });
      expect(jobs()).toBe(before + 4);
      await noJobs();
    });

    // the rest is the same whatever holds the rules
    if (backend === 'nft') return;

    it('tries a change in a child, and confirms it itself', async () => {
      const trial = trialClient(host);
      const started = await trial.start([...headers, ...manyRules, '-A INPUT -i lo -j ACCEPT'], {
        waitSeconds: 60,
      });
      expect(started).toMatchObject({ status: 201, body: { state: 'applied' } });
      const { id, secret } = started.body;
      expect(await trial.start(headers)).toMatchObject({
        status: 409,
        body: { code: 'trial.pending', trial: { id } },
      });
      expect(await trial.confirm(id, secret)).toMatchObject({ status: 200, body: { state: 'confirmed' } });
      expect(inputOf(await state())).toHaveLength(ruleCount + 1);
    });

    it('T14: judges and tries a change of tens of thousands of rules within the memory that it may take', async () => {
      const many = Array.from(
        { length: 20_000 },
        (_, index) => `-A INPUT -s ${address(index)}/32 -p tcp -m tcp --dport ${1 + index} -j DROP`,
      );
      await load(many);
      const { revision } = (await host.client('GET', '/v1/firewall/revision?family=ipv4')).body;
      // a rule for everybody and every port: what it opens is asked for each of the ports that others name
      const rules = fileOf([...many, '-A INPUT -i lo -j ACCEPT']);
      const checked = await host.client('POST', '/v1/check', { ipv4: { revision, rules } });
      expect(checked).toMatchObject({ status: 200, body: { ipv4: { errors: [], test: { exitCode: 0 } } } });
      expect(checkAnswerSchema.parse(checked.body).access?.needs).toEqual({ lost: [], unknown: [] });
      const trial = trialClient(host);
      const started = await trial.start([...headers, ...many, '-A INPUT -i lo -j ACCEPT'], {
        waitSeconds: 60,
      });
      expect(started).toMatchObject({ status: 201, body: { state: 'applied' } });
      expect(await trial.revert(started.body.id)).toMatchObject({ status: 200 });
      const peaks = [...host.said().matchAll(/"peakMB":(\d+)/g)].map(([, peak]) => Number(peak));
      expect(Math.max(...peaks)).toBeLessThan(250);
    });

    it('F2: a child that is killed in the middle of a trial leaves the old rules', async () => {
      const trial = trialClient(host);
      await host.run('tee', ['/run/moru-failpoint'], `${failpoints.allCommitted}`);
      const started = await trial
        .start([...headers, ...manyRules.slice(1)], { waitSeconds: 60 })
        .finally(() => host.run('rm', ['/run/moru-failpoint']));
      expect(started).toMatchObject({ status: 504, body: { code: 'outcome.unknown' } });
      await until(10_000, async () => (await host.client('GET', '/v1/trials/current')).body.trial === null);
      expect(inputOf(await state())).toHaveLength(ruleCount);
    });

    it('T2: gives a child its settings alone; has no answer of one that is killed, and goes on', async () => {
      const { revision } = await state();
      await noJobs();
      // long enough for a job to be met at work, however busy the machine is
      const save = '/usr/sbin/iptables-save';
      await host.run('tee', [`${save}.slow`], '#!/bin/sh\nsleep 30\n');
      await host.run('chmod', ['755', `${save}.slow`]);
      await host.run('mv', [save, `${save}.real`]);
      // a look that fails tells nothing of the size, and the other family's none of this one's
      await host.run('iptables', ['-D', 'INPUT', '1']);
      await until(60_000, async () => !(await host.client('GET', '/v1/watch')).body.ipv4);
      await until(60_000, async () => (await host.client('GET', '/v1/watch')).body.ipv6);
      await host.run('mv', [`${save}.slow`, save]);
      const read = host.client('GET', '/v1/firewall?family=ipv4');
      const pid = await until(60_000, async () => (await jobPids())[0]);
      const names = (await readFile(`/proc/${pid}/environ`, 'utf8')).split('\0').filter(Boolean);
      expect(names.length).toBeGreaterThan(0);
      expect(
        names.filter((name) => !/^(?:MORU_AGENT_\w+|NODE_(?:COMPILE_CACHE|CHANNEL_\w+))=/.test(name)),
      ).toEqual([]);
      await killJob();
      expect(await read).toMatchObject({ status: 502, body: { code: 'host.failed' } });
      await noJobs();
      const change = append('-p tcp --dport 22 -j ACCEPT', revision);
      await killJob();
      expect(await change).toMatchObject({ status: 504, body: { code: 'outcome.unknown' } });
      await host.run('mv', [`${save}.real`, save]);
      expect((await append('-p tcp --dport 23 -j ACCEPT', (await state()).revision)).status).toBe(200);
    });

    it('F11: a caller that has gone before its answer was there keeps nobody else waiting', async () => {
      const leaving = new AbortController();
      const gone = host.client('GET', '/v1/firewall?family=ipv4', undefined, {}, leaving.signal);
      const refused = expect(gone).rejects.toThrow(/abort/i);
      await until(60_000, async () => (await jobPids()).length > 0);
      leaving.abort();
      await refused;
      // a job whose answer nobody reads would stay until its time is up (jobMs), and the next one would wait for it
      await until(40_000, async () => (await jobPids()).length === 0);
      expect((await state()).tables.length).toBeGreaterThan(0);
    });

    it('reads them itself again once they are few', async () => {
      await load(manyRules.slice(0, 10));
      await until(60_000, async () => (await host.client('GET', '/v1/watch')).body.ipv4?.rules === 10);
      const before = jobs();
      expect(inputOf(await state())).toHaveLength(10);
      expect(jobs()).toBe(before);
    });
  },
);
