import { connectHostControl } from '@moru/hosts';
import { pino } from 'pino';
import { startCloud } from './cloud.ts';
import { ConfigError, readConfig } from './config.ts';
import { StoreError } from './store/store.ts';

const log = pino({ name: 'cloud' });

try {
  const config = readConfig(process.env);
  const { hostsSocket, ...options } = config;
  const driver = hostsSocket === null ? null : connectHostControl(hostsSocket);
  const cloud = await startCloud({ ...options, driver, log });
  const end = (signal: string) => {
    log.info({ signal }, 'ending');
    cloud.close().then(
      () => process.exit(0),
      (error: unknown) => {
        log.error({ err: error }, 'did not end cleanly');
        process.exit(1);
      },
    );
  };
  process.once('SIGTERM', end);
  process.once('SIGINT', end);
} catch (error) {
  const known = error instanceof ConfigError || error instanceof StoreError;
  const problems = error instanceof ConfigError ? error.problems : [String(error)];
  for (const problem of problems) log.fatal(known ? {} : { err: error }, problem);
  process.exitCode = 1;
}
