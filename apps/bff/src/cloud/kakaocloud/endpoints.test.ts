import { expect, test } from 'vitest';
import { startTestBff } from '../../testing/bff.ts';
import { startEmbeddedCloud } from '../../testing/embedded-cloud.ts';
import { instanceNamed } from '../../testing/instances.ts';
import type { SendUpstream } from '../upstream.ts';
import { withEndpoints } from './endpoints.ts';

test('base URLs that are not set come from the Config service, and the console works with them', async () => {
  const cloud = await startEmbeddedCloud();
  const none = { MORU_BCS_URL: '', MORU_NETWORK_URL: '', MORU_VPC_URL: '', MORU_CONFIG_URL: cloud.url };
  const bff = await startTestBff(cloud, none);
  const admin = await bff.browser('admin');
  expect(await instanceNamed(admin, 'web-01')).toMatchObject({ status: 'active', image: expect.any(String) });
  await bff.close();
  await cloud.stop();
});

/** A Config service with these answers in turn, and services that say what they were asked. */
function ground(...answers: (Record<string, string> | number)[]) {
  const asked: string[] = [];
  const send: SendUpstream = async ({ url, headers }) => {
    asked.push(`${url} ${headers['x-auth-token']}`);
    if (!url.startsWith('https://config.test')) return { status: 200, headers: {}, body: null };
    const answer = answers.shift() ?? 500;
    if (typeof answer === 'number') return { status: answer, headers: {}, body: undefined };
    return { status: 200, headers: {}, body: { success: true, data: { service_endpoints: answer } } };
  };
  return { asked, send };
}
const place = { iam: 'https://iam.test', known: {}, config: 'https://config.test' };
const ask = (url: string, token = 't') =>
  ({ method: 'GET', url, headers: { 'x-auth-token': token } }) as const;

test('it is asked once, by the first request that needs it, with that request’s token', async () => {
  const { asked, send } = ground({ bcs: 'https://bcs.test/', vpc: 'https://vpc.test' });
  const { addresses, send: through } = withEndpoints(
    { ...place, known: { network: 'https://net.test' } },
    send,
  );
  await through(ask(`${addresses.network}/c`));
  expect(asked).toEqual(['https://net.test/c t']);
  await Promise.all([
    through(ask(`${addresses.bcs}/a?x=1`, 'one')),
    through(ask(`${addresses.vpc}/b`, 'two')),
  ]);
  expect(asked.slice(1)).toEqual([
    'https://config.test/api/v1/client-endpoints/resolve one',
    'https://bcs.test/a?x=1 one',
    'https://vpc.test/b two',
  ]);
  await expect(through(ask(`${addresses.image}/d`))).rejects.toMatchObject({
    problem: { code: 'upstream.unavailable', upstream: expect.stringContaining('where image is') },
  });
});

test('one that fails is asked again by the next request', async () => {
  const { asked, send } = ground(503, { bcs: 'https://bcs.test' });
  const { addresses, send: through } = withEndpoints(place, send);
  await expect(through(ask(`${addresses.bcs}/a`))).rejects.toMatchObject({
    problem: { code: 'upstream.unavailable' },
  });
  await through(ask(`${addresses.bcs}/a`));
  expect(asked.at(-1)).toBe('https://bcs.test/a t');
});

test.each(['http://bcs.test', 'javascript:alert(1)', 'nowhere'])('T3: no token is led to %s', async (bcs) => {
  const { asked, send } = ground({ bcs });
  const { addresses, send: through } = withEndpoints(place, send);
  await expect(through(ask(`${addresses.bcs}/a`))).rejects.toMatchObject({
    problem: { upstream: expect.stringContaining('not taken') },
  });
  expect(asked).toHaveLength(1);
});
