import type { Kysely } from 'kysely';
import type { Schema } from '../schema.ts';

/** For the question which certificate a host may show, which a round over thousands of hosts asks of each. */
export async function indexTrust(db: Kysely<Schema>): Promise<void> {
  await db.schema
    .createIndex('enrolment_by_instance')
    .on('enrolment')
    .columns(['instance_id', 'requested_at'])
    .execute();
  await db.schema
    .createIndex('host_certificate_by_enrolment')
    .on('host_certificate')
    .column('enrolment_id')
    .execute();
}
