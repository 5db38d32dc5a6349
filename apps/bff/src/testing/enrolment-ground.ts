import { randomBytes, randomUUID } from 'node:crypto';
import { certificateRequest, makeKey } from '@moru/enrolment';
import type { Approval, EnrolmentRequest, JoinToken } from '@moru/types';
import { expect } from 'vitest';
import { createAuditLog } from '../audit/audit-log.ts';
import { createAuthorities } from '../enrolment/authorities.ts';
import { createCertificates } from '../enrolment/certificates.ts';
import { createContacts } from '../enrolment/contacts.ts';
import { createHostDesk } from '../enrolment/desk.ts';
import { createEnrolments } from '../enrolment/enrolments.ts';
import { createHostViews } from '../enrolment/host-views.ts';
import { createRotation } from '../enrolment/rotation.ts';
import { createJoinTokens, type HostPlace } from '../enrolment/tokens.ts';
import { createAgentTrust } from '../enrolment/trust.ts';
import { createSecretBox } from '../store/secret-box.ts';
import type { Database } from '../store/store.ts';
import { quiet } from './stores.ts';

export const minute = 60_000;
export const hour = 60 * minute;
export const day = 24 * hour;

export const newPlace = (): HostPlace => ({
  instanceId: randomUUID(),
  instanceName: 'web-01',
  projectId: 'project-1',
});

/** The parts of enrolment as one replica has them, on a clock that the test moves. */
export function enrolmentGround(
  db: Database,
  options: { key?: Buffer; clock?: { at: number }; place?: HostPlace } = {},
) {
  const place = options.place ?? newPlace();
  const clock = options.clock ?? { at: Date.now() };
  const now = () => clock.at;
  const box = createSecretBox(options.key ?? randomBytes(32));
  const settings = { certificateLifeMs: 90 * day, checkInSeconds: 900 };
  const authorities = createAuthorities(db, box, now);
  const tokens = createJoinTokens(db, now);
  const enrolments = createEnrolments(db, authorities, settings, now);
  const certificates = createCertificates(db, authorities, settings, now);
  const contacts = createContacts(db, now);
  const trust = createAgentTrust(db, authorities, now);
  const audit = createAuditLog(db);
  const parts = { authorities, tokens, enrolments, certificates, contacts, trust, audit, log: quiet };
  const desk = createHostDesk({ ...parts, checkInSeconds: settings.checkInSeconds, now });

  return {
    ...parts,
    clock,
    place,
    desk,
    rotation: createRotation(db, authorities, now),
    views: createHostViews(db, tokens, settings, now),

    async token(approval: Approval = 'fingerprint', minutes = 30, of = place): Promise<JoinToken> {
      const [issuer] = await authorities.read();
      const wish = { minutes, approval, authority: issuer?.fingerprint ?? '', createdBy: 'kim' };
      return (await tokens.make(of, wish)).token;
    },

    /** as the host of a key asks */
    ask: (token: JoinToken, key: string) =>
      desk.enrol(token, requestOf(key), { address: '10.0.0.5', requestId: 'r' }),

    /** a host that enrols by itself, and has checked in */
    async host(of = place) {
      const key = await makeKey();
      const answer = await this.ask(await this.token('automatic', 30, of), key);
      if (answer.state !== 'issued') throw new Error('no certificate');
      const [serial = ''] = await trust.expected(of.instanceId);
      await this.checkIn(serial);
      return { key, serial, ...answer };
    },

    async checkIn(serial: string) {
      const believed = (await authorities.read()).map(({ fingerprint }) => fingerprint);
      return desk.checkIn(serial, { agent: '0.1.0', api: 1, authorities: believed });
    },

    async renew(serial: string) {
      const key = await makeKey();
      return desk.renew(serial, certificateRequest(key), { address: '10.0.0.5', requestId: 'r' });
    },
  };
}

function requestOf(key: string): EnrolmentRequest {
  return { token: '', request: certificateRequest(key), agent: '0.1.0', hostname: 'web-01' };
}

export const problem = (code: string) =>
  expect.objectContaining({ problem: expect.objectContaining({ code }) });
