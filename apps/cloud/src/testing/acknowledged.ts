import { randomInt } from 'node:crypto';
import {
  bcsPaths,
  iamPaths,
  instanceAnswerSchema,
  instanceListAnswerSchema,
  keyPairListAnswerSchema,
} from '@moru/kakaocloud';
import { credential } from './test-cloud.ts';

/** What the cloud said that it had done. */
export interface Acknowledged {
  keyPairs: string[];
  /** number of the newest description that was taken, by instance */
  descriptions: Map<string, number>;
}

/** One who reads and writes over HTTP; null: no answer, since the cloud is gone. */
class Client {
  readonly #url: string;
  readonly #token: string;

  private constructor(url: string, token: string) {
    this.#url = url;
    this.#token = token;
  }

  static async signIn(url: string): Promise<Client> {
    const answer = await fetch(url + iamPaths.tokens, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(credential('key-of-admin')),
    });
    return new Client(url, answer.headers.get('x-subject-token') ?? '');
  }

  async ask(method: string, path: string, body?: unknown): Promise<{ status: number; body: unknown } | null> {
    try {
      const answer = await fetch(this.#url + path, {
        method,
        headers: { 'x-auth-token': this.#token, 'content-type': 'application/json' },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      return { status: answer.status, body: await answer.json() };
    } catch {
      return null;
    }
  }
}

/**
 * Writes from several sides at once until `stop` is called by the one who cuts the cloud off, some writes after the
 * beginning; what is under way then may have happened or not.
 */
export async function writeUntilCut(
  url: string,
  round: number,
  cut: () => Promise<void>,
): Promise<Acknowledged> {
  const client = await Client.signIn(url);
  const list = await client.ask('GET', bcsPaths.instances);
  const { instances } = instanceListAnswerSchema.parse(list?.body);
  const done: Acknowledged = { keyPairs: [], descriptions: new Map() };
  const enough = randomInt(15, 60);
  let count = 0;
  let cutting: Promise<void> | undefined;
  const counted = () => {
    count += 1;
    if (count === enough) cutting = cut();
  };

  const makeKeyPairs = async () => {
    for (let number = 0; cutting === undefined; number += 1) {
      const name = `round-${round}-${number}`;
      const answer = await client.ask('POST', bcsPaths.keyPairs, { keypair: { name } });
      if (answer?.status !== 201 || cutting !== undefined) return;
      done.keyPairs.push(name);
      counted();
    }
  };
  const describe = async (id: string) => {
    for (let number = 1; cutting === undefined; number += 1) {
      const answer = await client.ask('PUT', bcsPaths.instance(id), {
        instance: { description: `${round}.${number}` },
      });
      if (answer?.status !== 200 || cutting !== undefined) return;
      done.descriptions.set(id, number);
      counted();
    }
  };
  await Promise.all([makeKeyPairs(), ...instances.map(({ id }) => describe(id))]);
  await cutting;
  return done;
}

/** What was acknowledged in that round and is not there; a description may also be the next one. */
export async function missing(url: string, round: number, done: Acknowledged): Promise<string[]> {
  const client = await Client.signIn(url);
  const list = await client.ask('GET', `${bcsPaths.keyPairs}?limit=1000`);
  const there = new Set(keyPairListAnswerSchema.parse(list?.body).keypairs.map(({ name }) => name));
  const lost = done.keyPairs.filter((name) => !there.has(name));
  for (const [id, number] of done.descriptions) {
    const answer = await client.ask('GET', bcsPaths.instance(id));
    const { description } = instanceAnswerSchema.parse(answer?.body).instance;
    const [ofRound, found] = (description ?? '').split('.').map(Number);
    if (ofRound !== round || found === undefined || found < number || found > number + 1) {
      lost.push(`${id} is ${description}, was ${round}.${number}`);
    }
  }
  return lost;
}
