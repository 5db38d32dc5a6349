import { expect, test } from 'vitest';
import { NoAnswer } from '../no-answer.ts';
import { withBreaker } from './breaker.ts';
import type { UpstreamAnswer, UpstreamRequest } from './upstream.ts';

const request = (url: string): UpstreamRequest => ({ method: 'GET', url, headers: {} });
const answer = (status: number): UpstreamAnswer => ({ status, headers: {}, body: undefined });

/** A service whose next answers are given, with a clock. */
function ground() {
  const service = { asked: 0, next: (): UpstreamAnswer => answer(200), time: 1_000 };
  const send = withBreaker(
    async () => {
      service.asked += 1;
      return service.next();
    },
    () => service.time,
  );
  const ask = (url = 'http://iam.test/a') => send(request(url)).catch((error: unknown) => error);
  return { service, ask };
}

const silent = () => {
  throw new NoAnswer('no answer in time', { timedOut: true, sent: true });
};

test.each([
  ['is silent', silent],
  ['is answered for by a gateway', () => answer(503)],
])('F10: a service that %s is left alone, and tried by one request after a while', async (_name, failing) => {
  const { service, ask } = ground();
  service.next = failing;
  for (let count = 0; count < 12; count += 1) await ask();
  expect(service.asked).toBe(12);
  expect(await ask()).toMatchObject({ timedOut: false, sent: false });
  expect(service.asked).toBe(12);

  service.time += 2_000;
  await ask();
  expect([await ask(), service.asked]).toMatchObject([{ sent: false }, 13]);

  service.time += 2_000;
  service.next = () => answer(200);
  const [first, second] = await Promise.all([ask(), ask()]);
  expect([first, second]).toMatchObject([{ status: 200 }, { sent: false }]);
  expect(await ask()).toMatchObject({ status: 200 });
});

test('failures that are not in a row, the service’s own errors, and those of another service leave it open', async () => {
  const { service, ask } = ground();
  for (let count = 0; count < 40; count += 1) {
    service.next = count % 10 === 9 ? () => answer(404) : silent;
    await ask();
  }
  service.next = () => answer(500);
  for (let count = 0; count < 20; count += 1) await ask();
  service.next = silent;
  for (let count = 0; count < 12; count += 1) await ask('http://vpc.test/a');
  service.next = () => answer(200);
  expect(await ask()).toMatchObject({ status: 200 });
});
