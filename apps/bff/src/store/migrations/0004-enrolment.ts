import type { Kysely } from 'kysely';
import type { Schema } from '../schema.ts';

type Columns = Record<string, 'text' | 'bigint' | 'integer' | 'text?' | 'bigint?'>;

/** Authorities, join tokens, enrolments and certificates of hosts. Times are milliseconds since the epoch. */
export async function createEnrolment(db: Kysely<Schema>): Promise<void> {
  const create = async (table: string, key: string, columns: Columns) => {
    let builder = db.schema.createTable(table).addColumn(key, 'text', (column) => column.primaryKey());
    for (const [name, type] of Object.entries(columns)) {
      const plain = type.replace('?', '') as 'text' | 'bigint' | 'integer';
      builder = builder.addColumn(name, plain, (column) => (type.endsWith('?') ? column : column.notNull()));
    }
    await builder.execute();
  };

  await create('authority', 'fingerprint', {
    certificate: 'text',
    sealed_key: 'text?',
    state: 'text',
    created_at: 'bigint',
    expires_at: 'bigint',
  });
  // of two replicas that make the first authority, or go on with a rotation, one comes too late
  await db.schema
    .createIndex('authority_by_state')
    .unique()
    .on('authority')
    .column('state')
    .where('state', '<>', 'dropped')
    .execute();

  await create('authority_step', 'id', {
    fingerprint: 'text',
    phase: 'text',
    at: 'bigint',
    by_name: 'text',
  });

  await create('join_token', 'id', {
    secret_hash: 'text',
    instance_id: 'text',
    instance_name: 'text',
    project_id: 'text',
    authority: 'text',
    approval: 'text',
    created_by: 'text',
    created_at: 'bigint',
    expires_at: 'bigint',
    used_at: 'bigint?',
    used_key: 'text?',
    revoked_at: 'bigint?',
  });
  await db.schema
    .createIndex('join_token_by_instance')
    .on('join_token')
    .columns(['project_id', 'instance_id'])
    .execute();

  await create('enrolment', 'id', {
    instance_id: 'text',
    instance_name: 'text',
    project_id: 'text',
    token_id: 'text',
    key_fingerprint: 'text',
    request: 'text',
    hostname: 'text',
    agent: 'text',
    address: 'text',
    state: 'text',
    requested_at: 'bigint',
    decided_at: 'bigint?',
    decided_by: 'text?',
  });
  await db.schema.createIndex('enrolment_by_token').unique().on('enrolment').column('token_id').execute();
  await db.schema
    .createIndex('enrolment_by_project')
    .on('enrolment')
    .columns(['project_id', 'instance_id'])
    .execute();
  // one of each per instance, whichever replica decides
  await db.schema
    .createIndex('enrolment_live')
    .unique()
    .on('enrolment')
    .columns(['instance_id', 'state'])
    .where('state', 'in', ['waiting', 'approved'])
    .execute();

  await create('host_certificate', 'serial', {
    enrolment_id: 'text',
    instance_id: 'text',
    authority: 'text',
    key_fingerprint: 'text',
    certificate: 'text',
    issued_at: 'bigint',
    expires_at: 'bigint',
    confirmed_at: 'bigint?',
    ended_at: 'bigint?',
  });
  await db.schema
    .createIndex('host_certificate_by_instance')
    .on('host_certificate')
    .column('instance_id')
    .execute();

  await create('host_contact', 'instance_id', {
    agent: 'text',
    api: 'integer',
    authorities: 'text',
    checked_in_at: 'bigint?',
    contact_at: 'bigint',
  });
}
