import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { enrolmentPaths, enrolmentServerName, type Problem, printJoinToken, problemOf } from '@moru/types';
import { issueCertificate, issueKeyPair, type KeyPair, makeAuthority } from '../authority/authority.ts';
import { readRequest } from '../authority/read-request.ts';
import { fingerprintOf } from '../credential.ts';
import { hostLeaf } from '../leaf.ts';

export interface StubCall {
  path: string;
  // biome-ignore lint/suspicious/noExplicitAny: a test reads what it expects
  body: any;
  /** serial number of the certificate that was shown */
  serial: string | undefined;
}

type Reply = { status?: number; body: unknown } | 'drop' | Problem;

/**
 * The console's end of enrolment with a test in charge of each answer, for what the real one does not do: lie, lose
 * answers, change its authority in the middle. The real one is tested in apps/bff.
 */
export async function startStubConsole(lifeMs = 3_600_000) {
  const authorities: KeyPair[] = [await makeAuthority()];
  const calls: StubCall[] = [];
  const issuer = () => authorities[0] ?? { certificate: '', key: '' };
  const certificates = () => authorities.map(({ certificate }) => certificate);

  const issue = async (request: string, instanceId = 'instance-1', by = issuer()) => {
    const { publicKey } = await readRequest(request);
    return (await issueCertificate(by, publicKey, hostLeaf(instanceId, Date.now() + lifeMs))).certificate;
  };

  const console = {
    authorities,
    calls,
    issue,
    certificates,
    token: printJoinToken({
      id: 'a'.repeat(11),
      secret: 's'.repeat(32),
      authority: fingerprintOf(issuer().certificate),
    }),
    /** the clock that it tells of */
    clock: () => Date.now(),
    /** answers a call; null for what an obliging console answers */
    reply: async (_call: StubCall): Promise<Reply | null> => null,
    renew: false,
    againSeconds: 60,
    url: '',
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };

  const oblige = async ({ path, body }: StubCall): Promise<Reply> => {
    switch (path) {
      case enrolmentPaths.authorities:
        return { body: { authorities: certificates(), time: new Date(console.clock()).toISOString() } };
      case enrolmentPaths.enrolments:
        return {
          body: { state: 'issued', certificate: await issue(body.request), authorities: certificates() },
        };
      case enrolmentPaths.checkIn:
        return {
          body: { authorities: certificates(), renew: console.renew, againSeconds: console.againSeconds },
        };
      case enrolmentPaths.renewals:
        console.renew = false;
        return { body: { certificate: await issue(body.request), authorities: certificates() } };
      default:
        return problemOf('route.unknown');
    }
  };

  const name = enrolmentServerName(fingerprintOf(issuer().certificate));
  const pair = await issueKeyPair(issuer(), {
    commonName: 'moru-enrolment',
    dnsName: name,
    usages: ['server'],
    expiresAt: Date.now() + 3_600_000,
  });
  const tls = { cert: pair.certificate, key: pair.key, ca: issuer().certificate };
  const server = createServer(
    { ...tls, requestCert: true, rejectUnauthorized: false, minVersion: 'TLSv1.3' },
    async (request, response) => {
      let text = '';
      for await (const chunk of request) text += chunk;
      const socket = request.socket as TLSSocket;
      const serial = socket.getPeerCertificate().serialNumber;
      const call = { path: request.url ?? '', body: text === '' ? undefined : JSON.parse(text), serial };
      calls.push(call);
      const late = serial && !socket.authorized ? problemOf('certificate.expired') : null;
      const reply = (await console.reply(call)) ?? late ?? (await oblige(call));
      if (reply === 'drop') return void request.socket.destroy();
      const { status = 200, body } = 'code' in reply ? { status: reply.status, body: reply } : reply;
      const sent = typeof body === 'string' ? body : JSON.stringify(body);
      response.writeHead(status, { location: 'https://127.0.0.1:1/' }).end(sent);
    },
  );
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  console.url = `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return console;
}

export type StubConsole = Awaited<ReturnType<typeof startStubConsole>>;
