import { createHash, type Hash } from 'node:crypto';
import { once } from 'node:events';
import { open } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { createGunzip, createGzip, type Gzip } from 'node:zlib';
import { type Kysely, sql } from 'kysely';
import { z } from 'zod';
import { StoreError } from './errors.ts';
import type { Schema } from './schema.ts';
import type { Database } from './store.ts';
import { tableNames, tables } from './tables.ts';

/**
 * A backup is gzipped JSON lines: a header, one line for each row, and an end with the count and the SHA-256 of the
 * lines before. It is the same for both databases, so a store also moves from one to the other by it.
 */
const headerSchema = z.object({
  moru: z.literal('backup'),
  version: z.literal(1),
  steps: z.array(z.string()),
});
const rowSchema = z.object({ table: z.string(), row: z.record(z.string(), z.unknown()) });
const endSchema = z.object({ end: z.literal(true), rows: z.int(), sha256: z.string() });

const pageSize = 500;

/** Writes everything worth keeping to a new file, as it is at one moment. Resolves to the number of rows. */
export async function backUp(db: Database, file: string): Promise<number> {
  const handle = await open(file, 'wx', 0o600);
  try {
    const zipped = createGzip();
    const copied = copyInto(handle, zipped);
    const write = createWriter(zipped);
    const rows = await db
      .transaction()
      .setIsolationLevel('repeatable read')
      .setAccessMode('read only')
      .execute((snapshot) => writeRows(snapshot, write));
    await write.end(rows);
    await copied;
    await handle.sync();
    return rows;
  } finally {
    await handle.close();
  }
}

async function copyInto(handle: Awaited<ReturnType<typeof open>>, source: Gzip): Promise<void> {
  for await (const chunk of source as AsyncIterable<Buffer>) await handle.write(chunk);
}

interface Writer {
  (line: object): Promise<void>;
  end(rows: number): Promise<void>;
}

function createWriter(zipped: Gzip): Writer {
  const hash = createHash('sha256');
  const put = async (text: string) => {
    if (!zipped.write(text)) await once(zipped, 'drain');
  };
  const write = async (line: object) => {
    const text = `${JSON.stringify(line)}\n`;
    hash.update(text);
    await put(text);
  };
  const end = async (rows: number) => {
    await put(`${JSON.stringify({ end: true, rows, sha256: hash.digest('hex') })}\n`);
    zipped.end();
  };
  return Object.assign(write, { end });
}

async function writeRows(db: Kysely<Schema>, write: Writer): Promise<number> {
  await write({ moru: 'backup', version: 1, steps: await stepsOf(db) });
  let count = 0;
  for (const table of tableNames.filter((name) => tables[name].backup)) {
    for await (const row of rowsOf(db, table)) {
      await write({ table, row: encode(row) });
      count += 1;
    }
  }
  return count;
}

/** The steps of the schema that a store has taken. */
async function stepsOf(db: Kysely<Schema>): Promise<string[]> {
  const { rows } = await sql<{ name: string }>`select name from kysely_migration order by name`.execute(db);
  return rows.map(({ name }) => name);
}

type Row = Record<string, unknown>;

async function* rowsOf(db: Kysely<Schema>, table: keyof Schema): AsyncGenerator<Row> {
  const { key } = tables[table];
  const columns = sql.join(key.map((name) => sql.ref(name)));
  const readAfter = async (last: Row | undefined): Promise<Row[]> => {
    const where = last && sql`where (${columns}) > (${sql.join(key.map((name) => last[name]))})`;
    const page = sql<Row>`select * from ${sql.table(table)} ${where ?? sql``}
      order by ${columns} limit ${sql.lit(pageSize)}`;
    return (await page.execute(db)).rows;
  };
  for (let rows = await readAfter(undefined); rows.length > 0; rows = await readAfter(rows.at(-1)))
    yield* rows;
}

/**
 * Puts the rows of a backup into a store that holds none yet, all or nothing. A store of an older schema than the
 * backup's is refused. Resolves to the number of rows.
 */
export async function restoreBackup(db: Database, file: string): Promise<number> {
  await requireEmpty(db);
  return db.transaction().execute(async (transaction) => {
    const expected = { hash: createHash('sha256'), rows: 0 };
    let seenHeader = false;
    for await (const { line, text } of linesOf(file)) {
      if (!seenHeader) {
        await checkHeader(transaction, line);
        // rows that the schema itself has put there
        for (const table of tableNames) await transaction.deleteFrom(table).execute();
        seenHeader = true;
      } else if (endSchema.safeParse(line).success) {
        checkEnd(endSchema.parse(line), expected);
        return expected.rows;
      } else {
        await insertRow(transaction, line);
        expected.rows += 1;
      }
      expected.hash.update(text);
    }
    throw new StoreError(`${file} is cut short`);
  });
}

async function requireEmpty(db: Database): Promise<void> {
  const held = await db.selectFrom('audit').select('seq').limit(1).executeTakeFirst();
  if (held) throw new StoreError('the store is not empty: a backup is restored into a new one only');
}

async function* linesOf(file: string): AsyncGenerator<{ line: unknown; text: string }> {
  const handle = await open(file, 'r');
  const unzipped = handle.createReadStream().pipe(createGunzip());
  try {
    for await (const text of createInterface({ input: unzipped, crlfDelay: Number.POSITIVE_INFINITY })) {
      yield { line: JSON.parse(text), text: `${text}\n` };
    }
  } catch (error) {
    if (error instanceof StoreError) throw error;
    throw new StoreError(`${file} cannot be read as a backup (${error})`, { cause: error });
  } finally {
    unzipped.destroy();
    await handle.close().catch(() => undefined);
  }
}

async function checkHeader(db: Kysely<Schema>, line: unknown): Promise<void> {
  const header = headerSchema.safeParse(line);
  if (!header.success) throw new StoreError('the file is no backup');
  const own = new Set(await stepsOf(db));
  const later = header.data.steps.filter((step) => !own.has(step));
  if (later.length > 0) throw new StoreError(`the backup is of a newer program (${later.join(', ')})`);
}

function checkEnd(end: z.infer<typeof endSchema>, { hash, rows }: { hash: Hash; rows: number }): void {
  if (end.rows === rows && end.sha256 === hash.digest('hex')) return;
  throw new StoreError('the backup is damaged: its checksum is another one');
}

async function insertRow(db: Kysely<Schema>, line: unknown): Promise<void> {
  const { table, row } = rowSchema.parse(line);
  if (!Object.hasOwn(tables, table)) throw new StoreError(`the backup has an unknown table, ${table}`);
  const names = Object.keys(row);
  const values = Object.values(decode(row));
  await sql`insert into ${sql.table(table)} (${sql.join(names.map((name) => sql.ref(name)))})
    values (${sql.join(values)})`.execute(db);
}

/** Bytes have no form in JSON. */
function encode(row: Record<string, unknown>): Record<string, unknown> {
  const of = (value: unknown) =>
    value instanceof Uint8Array ? { base64: Buffer.from(value).toString('base64') } : value;
  return Object.fromEntries(Object.entries(row).map(([name, value]) => [name, of(value)]));
}

function decode(row: Record<string, unknown>): Record<string, unknown> {
  const of = (value: unknown) =>
    typeof value === 'object' && value !== null && 'base64' in value
      ? Buffer.from(String(value.base64), 'base64')
      : value;
  return Object.fromEntries(Object.entries(row).map(([name, value]) => [name, of(value)]));
}
