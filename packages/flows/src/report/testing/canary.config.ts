import { fileURLToPath } from 'node:url';
import { flowsConfig } from '../../config.ts';

/** A flow that fails with everything in its hands that no report may hold (../secrets.host.test.ts). */
export default {
  ...flowsConfig(process.env),
  testDir: fileURLToPath(new URL('.', import.meta.url)),
  testMatch: 'canary.ts',
  workers: 1,
};
