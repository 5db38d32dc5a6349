import { ConfigError, loadConfig } from './config.ts';
import { createLogger } from './log.ts';
import { startBff } from './start.ts';

async function main(): Promise<void> {
  const log = createLogger();
  const bff = await startBff(loadConfig(process.env), log);
  log.info({ port: bff.port }, 'listening');
  const stop = (signal: NodeJS.Signals) => {
    log.info({ signal }, 'stopping');
    bff.close().then(
      () => process.exit(0),
      (error: unknown) => {
        log.error({ error }, 'did not stop cleanly');
        process.exit(1);
      },
    );
  };
  process.once('SIGTERM', stop);
  process.once('SIGINT', stop);
}

main().catch((error: unknown) => {
  const problems =
    error instanceof ConfigError ? error.problems : [error instanceof Error ? error.message : error];
  for (const problem of problems) process.stderr.write(`bff: ${problem}\n`);
  process.exitCode = 1;
});
