import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { Answer } from '../client.ts';
import { startHost, type TestBackend, type TestHost } from '../host.ts';
import { shortWait, trialClient } from '../trial-client.ts';
import { lurkBetween } from './between.ts';
import { runRounds, type Tally } from './rounds.ts';

const agentPort = '-p tcp -m tcp --dport 7443 -j ACCEPT';
/** More rules than this make the rounds slow without showing more. */
const mostRules = 60;
/** The longest that a change takes on an idle machine: the other program falls into any part of it. */
const spreadMs = 300;

/** Appends a rule to INPUT, from the revision and the rules that the writer has seen. */
type Write = (host: TestHost, seen: Seen, rule: string) => Promise<Answer>;

interface Seen {
  revision: string;
  rules: readonly string[];
}

/** A trial that its writer confirms; of two at once one is told that the other's waits. */
const byTrial: Write = async (host, { revision, rules }, rule) => {
  const lines = [':INPUT ACCEPT [0:0]', ...[...rules, rule].map((each) => `-A INPUT ${each}`)];
  const started = await host.client('POST', '/v1/trials', {
    ipv4: { revision, rules: `*filter\n${lines.join('\n')}\nCOMMIT\n` },
    idempotencyKey: randomUUID(),
    author: 'tester',
    waitSeconds: 30,
  });
  if (started.status !== 201) return started;
  const { id, secret } = started.body;
  return trialClient(host).confirm(id, secret);
};

const atOnce: Write = (host, { revision }, rule) =>
  host.client('POST', '/v1/firewall/changes', {
    ...{ type: 'append', family: 'ipv4', table: 'filter', chain: 'INPUT', revision, rule },
  });

/** What a refusal shows of the rules that are there now. */
const shown = ({ body }: Answer): string => JSON.stringify(body.conflict?.now ?? body.state ?? body);

/** Whether the writer was told that the rule is there: by success, or by what a refusal shows. */
const isTold = (answer: Answer, rule: string) => answer.status < 300 || shown(answer).includes(rule);

/**
 * So many rounds in which two writers change INPUT from the same revision while another program inserts a rule, in
 * every third round between the agent's last look and its COMMIT. A round holds when the rules are then those that
 * somebody was told are there, the other program's among them, and when whoever did not win got 409 and, asking
 * again, the difference.
 */
export async function writeTogether(backend: TestBackend, rounds: number): Promise<Tally> {
  const host = await startHost(backend, shortWait);
  try {
    const strike = await lurkBetween(host, backend);
    await host.run('iptables', ['-A', 'INPUT', ...agentPort.split(' ')]);
    return await runRounds(rounds, async (round) => {
      await makeRoom(host);
      const net = `${Math.floor(round / 250)}.${(round % 250) + 1}/32`;
      const outside = `-s 192.0.${net} -j DROP`;
      const seen = { revision: await trialClient(host).revision(), rules: await inputRules(host) };
      const insert = `-I INPUT ${outside}`;
      const hasInserted =
        round % 3 === 0 ? await strike(insert) : insertSomewhen(host, ['-w', ...insert.split(' ')]);
      const write = round % 2 === 0 ? byTrial : atOnce;
      await writeOnce(
        host,
        seen,
        write,
        [`-s 198.51.${net} -j DROP`, `-s 203.0.${net} -j DROP`],
        async () => {
          assert.ok(await hasInserted(), 'the other program was there');
          return outside;
        },
      );
    });
  } finally {
    await host.stop();
  }
}

async function writeOnce(
  host: TestHost,
  seen: Seen,
  write: Write,
  mine: readonly string[],
  theirs: () => Promise<string>,
): Promise<void> {
  const answers = await Promise.all(
    mine.map(async (rule) => ({ rule, answer: await write(host, seen, rule) })),
  );
  const outside = await theirs();
  const made = answers.filter(({ rule, answer }) => isTold(answer, rule)).map(({ rule }) => rule);
  const told = [...seen.rules, outside, ...made].toSorted();
  const words = () => answers.map(({ answer }) => `${answer.status} ${answer.body.code ?? ''}`).join(', ');
  assert.deepEqual(
    (await inputRules(host)).toSorted(),
    told,
    `the rules that somebody was told of (${words()})`,
  );
  assert.ok(answers.filter(({ answer }) => answer.status < 300).length <= 1, 'from one revision one wins');
  for (const { rule, answer } of answers) {
    if (answer.status < 300) continue;
    assert.equal(answer.status, 409, words());
    assert.match(answer.body.code, /^(revision\.stale|trial\.pending)$/);
    if (made.includes(rule)) continue;
    const again = await write(host, seen, rule);
    assert.deepEqual([again.status, again.body.code], [409, 'revision.stale']);
    for (const other of [outside, ...made]) assert.ok(shown(again).includes(other), `told of ${other}`);
  }
  assert.deepEqual((await inputRules(host)).toSorted(), told, 'asking again changes nothing');
}

const inputRules = async (host: TestHost): Promise<string[]> =>
  ((await host.run('iptables', ['-w', '-S', 'INPUT'])).stdout.match(/^-A INPUT .*/gm) ?? []).map((line) =>
    line.slice('-A INPUT '.length),
  );

/** At any moment of a change; answers a function that tells whether it worked. */
function insertSomewhen(host: TestHost, args: string[]): () => Promise<boolean> {
  const inserted = delay(Math.random() * spreadMs).then(() => host.run('iptables', args));
  return async () => (await inserted).exitCode === 0;
}

/** Takes away what a round has left that did not hold, and rules that are too many. */
async function makeRoom(host: TestHost): Promise<void> {
  const { trial } = (await host.client('GET', '/v1/trials/current')).body;
  if (trial) await trialClient(host).revert(trial.id);
  if ((await inputRules(host)).length < mostRules) return;
  await host.run('iptables', ['-w', '-F', 'INPUT']);
  await host.run('iptables', ['-w', '-A', 'INPUT', ...agentPort.split(' ')]);
}
