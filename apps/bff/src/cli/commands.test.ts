import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createAnchors } from '../audit/anchor.ts';
import { createAuditLog } from '../audit/audit-log.ts';
import { loadStoreConfig } from '../config.ts';
import { openStore, type StorePlace } from '../store/store.ts';
import { tableNames, tables } from '../store/tables.ts';
import { auditEntry, tamper } from '../testing/audit-entries.ts';
import { onEachStore, quiet } from '../testing/stores.ts';
import { commands } from './commands.ts';

const program = fileURLToPath(new URL('./main.ts', import.meta.url));
const key = 'ab'.repeat(32);
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'moru-bff-cli-'));
  await writeFile(join(folder, 'key'), key);
});
afterAll(() => rm(folder, { recursive: true }));

interface Ended {
  code: number;
  out: string;
}

const environment = (place: StorePlace) => ({
  ...(place.kind === 'sqlite' ? { MORU_DATA: place.folder } : { DATABASE_URL: place.url }),
  MORU_SECRET_KEY_FILE: join(folder, 'key'),
  MORU_AUDIT_ANCHORS: join(folder, 'anchors'),
});

/** The command in this process: a new one for each would take longer than all the rest. */
function run(place: StorePlace, name: keyof typeof commands, ...args: string[]): Promise<Ended> {
  const command = commands[name];
  if (!command) throw new Error(`no command ${name}`);
  return command.run(loadStoreConfig(environment(place)), args).then(
    ({ text, exitCode }) => ({ code: exitCode, out: text }),
    (error: unknown) => ({ code: 1, out: String(error) }),
  );
}

function runProgram(env: Record<string, string>, ...args: string[]): Promise<Ended> {
  return new Promise((resolve) => {
    execFile(process.execPath, [program, ...args], { env }, (error, stdout, stderr) => {
      resolve({ code: typeof error?.code === 'number' ? error.code : 0, out: stdout + stderr });
    });
  });
}

async function fill(place: StorePlace, records: number): Promise<void> {
  const store = await openStore(place, quiet);
  const audit = createAuditLog(store.db);
  await Promise.all(
    Array.from({ length: records }, (_, count) => audit.append(auditEntry({ count, 글: '한' }))),
  );
  await store.close();
}

onEachStore(({ kind, place }) => {
  test('F8: a backup brings the store back as it was, and moves it between the databases', async () => {
    const where = await place();
    await fill(where, 1_203);
    const file = join(folder, `${kind}.backup`);
    const running = await openStore(where, quiet);
    expect(await run(where, 'backup', file)).toMatchObject({ code: 0 });
    const written = await readFile(file);
    expect((await run(where, 'backup', file)).out).toMatch(/EEXIST/);
    expect(await readFile(file)).toEqual(written);
    const all = (db: typeof running.db) => db.selectFrom('audit').selectAll().orderBy('seq').execute();
    const before = await all(running.db);
    const counts = await Promise.all(
      tableNames
        .filter((name) => tables[name].backup)
        .map((name) =>
          running.db.selectFrom(name).select(running.db.fn.countAll().as('rows')).executeTakeFirstOrThrow(),
        ),
    );
    const rows = counts.reduce((sum, count) => sum + Number(count.rows), 0);
    expect(rows).toBeGreaterThan(1_203);
    await running.close();

    const fresh = await place();
    expect((await run(fresh, 'restore', file)).out).toContain(`Restored ${rows} rows`);
    const restored = await openStore(fresh, quiet);
    expect(await all(restored.db)).toEqual(before);
    await createAuditLog(restored.db).append(auditEntry());
    await restored.close();
    expect(await run(fresh, 'verify')).toMatchObject({
      code: 0,
      out: expect.stringContaining('1204 records'),
    });
  }, 30_000);

  test('F8: a damaged or cut backup changes nothing', async () => {
    const where = await place();
    await fill(where, 200);
    const file = join(folder, `${kind}-whole`);
    await run(where, 'backup', file);
    const bytes = await readFile(file);
    const flipped = Buffer.from(bytes);
    flipped[100] = (flipped[100] ?? 0) ^ 0xff;
    const fresh = await place();
    for (const [name, content] of Object.entries({ flipped, cut: bytes.subarray(0, -40) })) {
      await writeFile(join(folder, name), content);
      expect(await run(fresh, 'restore', join(folder, name)), name).toMatchObject({ code: 1 });
    }
    expect(await run(fresh, 'restore', join(folder, 'nothing'))).toMatchObject({ code: 1 });
    expect((await run(fresh, 'restore', file)).code).toBe(0);
  }, 60_000);

  test('T13: verification names the first bad record, also by heads that were kept elsewhere', async () => {
    const where = await place();
    await fill(where, 3);
    const store = await openStore(where, quiet);
    const head = await store.db.selectFrom('audit_head').select(['seq', 'hash']).executeTakeFirstOrThrow();
    await createAnchors(join(folder, 'anchors'), Buffer.from(key, 'hex')).keep(head);
    await writeFile(join(folder, 'anchors'), '{"seq":9,"hash":"forged","at":"","signature":"00"}\n', {
      flag: 'a',
    });
    await store.close();
    expect((await run(where, 'verify')).out).toMatch(/whole: 3 records .* compared with 1 heads/);

    const opened = await openStore(where, quiet);
    await tamper(
      opened,
      'delete from audit where seq = 3',
      'update audit_head set seq = 2, hash = (select hash from audit where seq = 2)',
    );
    await opened.close();
    expect(await run(where, 'verify')).toMatchObject({
      code: 1,
      out: expect.stringMatching(/number 3 is wrong/),
    });
    await rm(join(folder, 'anchors'));
  }, 30_000);

  if (kind !== 'sqlite') return;

  test('F8: the file that is replaced is kept, and one in use is not replaced', async () => {
    const where = await place();
    if (where.kind !== 'sqlite') throw new Error('a folder was meant');
    await fill(where, 2);
    const file = join(folder, 'two');
    await run(where, 'backup', file);
    const store = await openStore(where, quiet);
    expect((await run(where, 'restore', file)).out).toMatch(/in use by another process/);
    await store.close();
    await writeFile(join(where.folder, 'moru.db'), 'damaged');
    expect((await run(where, 'verify')).out).toMatch(/cannot be read.*`restore`/);
    expect((await run(where, 'restore', file)).code).toBe(0);
    const files = await readdir(where.folder);
    const kept = files.find((name) => name.startsWith('moru.db.replaced-')) ?? '';
    expect(await readFile(join(where.folder, kept), 'utf8')).toBe('damaged');
    expect((await run(where, 'verify')).out).toMatch(/whole: 2 records/);
  }, 30_000);
});

test('the program answers what it does not understand with its usage, and names what is missing', async () => {
  for (const args of [[], ['backup'], ['toString']]) {
    expect(await runProgram({}, ...args)).toMatchObject({
      code: 2,
      out: expect.stringContaining('backup FILE'),
    });
  }
  expect(await runProgram({}, 'verify')).toMatchObject({
    code: 1,
    out: expect.stringContaining('MORU_DATA, DATABASE_URL'),
  });
}, 30_000);
