import { createAnchors } from '../audit/anchor.ts';
import { verifyAudit } from '../audit/verify.ts';
import type { loadStoreConfig } from '../config.ts';
import { createLogger } from '../log.ts';
import { backUp } from '../store/backup.ts';
import { restoreStore } from '../store/restore.ts';
import { type Database, openBeside } from '../store/store.ts';

type StoreConfig = ReturnType<typeof loadStoreConfig>;

export interface CommandResult {
  text: string;
  exitCode: number;
}

export interface Command {
  /** names of its arguments, for the usage */
  takes: string[];
  /** what it does, for the usage */
  words: string;
  run(config: StoreConfig, args: string[]): Promise<CommandResult>;
}

/** To stderr, so that stdout holds the answer alone. */
const log = createLogger(process.stderr);

/** What the program can do besides serving; `backup` and `verify` beside a running one, too. */
export const commands: Record<string, Command> = {
  backup: {
    takes: ['FILE'],
    words: 'writes a copy of the store to a new file',
    run: (config, [file = '']) =>
      beside(config, async (db) => {
        const rows = await backUp(db, file);
        return { text: `${file}: ${rows} rows`, exitCode: 0 };
      }),
  },
  restore: {
    takes: ['FILE'],
    words: 'puts a copy in the place of the store, whose old files are kept',
    async run({ store }, [file = '']) {
      const { rows, aside } = await restoreStore(store, file, log);
      const kept = aside ? ` The store before is kept as ${aside}.` : '';
      return { text: `Restored ${rows} rows. Everybody signs in again.${kept}`, exitCode: 0 };
    },
  },
  verify: {
    takes: [],
    words: 'follows the chain of the whole audit log, and names the first bad record',
    run: (config) => beside(config, (db) => verify(config, db)),
  },
};

async function beside(config: StoreConfig, task: (db: Database) => Promise<CommandResult>) {
  const db = openBeside(config.store, log);
  return task(db).finally(() => db.destroy());
}

async function verify({ anchorFile, secretKey }: StoreConfig, db: Database): Promise<CommandResult> {
  const anchors = anchorFile && secretKey ? await createAnchors(anchorFile, secretKey).read() : [];
  const { records, broken, gaps, head } = await verifyAudit(db, anchors);
  const compared = anchorFile && secretKey ? `, compared with ${anchors.length} heads kept elsewhere` : '';
  const told =
    gaps.length > 0 ? ` Records were lost before number ${gaps.join(', ')}, as the log tells.` : '';
  if (broken !== null) {
    return {
      text: `The log was tampered with: number ${broken} is wrong or missing${compared}.${told}`,
      exitCode: 1,
    };
  }
  return {
    text: `The log is whole: ${records} records up to number ${head.seq} (${head.hash})${compared}.${told}`,
    exitCode: 0,
  };
}
