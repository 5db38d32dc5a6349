import { authTokenHeader, clientEndpointsAnswerSchema, configPaths } from '@moru/kakaocloud';
import { ProblemError } from '@moru/types';
import type { CloudAddresses, CloudPlace } from '../../config.ts';
import type { SendUpstream } from '../upstream.ts';
import { exchange, parseAnswer } from './client.ts';

/** Stands for the address of a service that nobody has asked for yet; no name ends so (RFC 6761). */
const unknown = (service: string) => `https://${service}.unknown.invalid`;
const unknownAddress = /^https:\/\/([a-z]+)\.unknown\.invalid/;

/**
 * Where each service is. What is not configured is asked of the Config service (reference/kakaocloud.md C.8) by the
 * first request that needs it, with that request's own token, since nobody else's is at hand; the answer is kept.
 * Tokens are sent to these addresses, so what was asked over https is believed only where it names https.
 */
export function withEndpoints(
  { iam, known, config }: CloudPlace,
  send: SendUpstream,
): { addresses: CloudAddresses; send: SendUpstream } {
  const { bcs = unknown('bcs'), network = unknown('network'), vpc = unknown('vpc') } = known;
  const { image = known.bcs?.replace('://bcs.', '://image.') ?? unknown('image') } = known;
  const addresses = { iam, bcs, network, vpc, image };
  if (config === null) return { addresses, send };
  let named: Promise<Record<string, string>> | null = null;

  const resolve = async (service: string, headers: Record<string, string>): Promise<string> => {
    named ??= ask(config, headers[authTokenHeader] ?? '', send);
    const address = await named
      .then((all) => all[service])
      .catch((error: unknown) => {
        // another request may be luckier, with another token
        named = null;
        throw error;
      });
    if (address !== undefined) return address;
    throw new ProblemError('upstream.unavailable', {
      upstream: `the Config service does not say where ${service} is`,
    });
  };

  return {
    addresses,
    async send(request) {
      const service = unknownAddress.exec(request.url)?.[1];
      if (service === undefined) return send(request);
      const url = request.url.replace(unknownAddress, await resolve(service, request.headers));
      return send({ ...request, url });
    },
  };
}

async function ask(config: string, token: string, send: SendUpstream): Promise<Record<string, string>> {
  const url = config + configPaths.clientEndpoints;
  const headers = { [authTokenHeader]: token };
  const answer = await exchange(send, { method: 'GET', url, headers }, { write: false });
  const { service_endpoints = {} } = parseAnswer(answer, clientEndpointsAnswerSchema).data;
  const protocols = config.startsWith('https:') ? ['https:'] : ['http:', 'https:'];
  return Object.fromEntries(
    Object.entries(service_endpoints).map(([service, address]) => {
      if (!URL.canParse(address) || !protocols.includes(new URL(address).protocol)) {
        throw new ProblemError('upstream.unavailable', {
          upstream: `the Config service gives ${service} an address that is not taken`,
        });
      }
      return [service, address.replace(/\/+$/, '')];
    }),
  );
}
