import { defineConfig } from 'vitest/config';
import { VitestReport } from './tools/lib/vitest-report.js';

const report = process.env.MORU_TEST_REPORT;

// `unit` runs anywhere; `hosts` needs root, namespaces and iptables, and leaves none behind.
export default defineConfig({
  test: {
    reporters: ['default', ...(report ? [new VitestReport(report)] : [])],
    projects: [
      {
        test: {
          name: 'unit',
          include: ['{apps,packages}/*/{src,packaging}/**/*.test.{ts,tsx}', 'tools/**/*.test.{ts,js}'],
          exclude: ['**/*.host.test.ts'],
          // a busy machine takes long; what must be quick says so itself
          testTimeout: 60_000,
          hookTimeout: 60_000,
          expect: { poll: { timeout: 20_000 } },
        },
      },
      {
        test: {
          name: 'hosts',
          include: ['{apps,packages}/*/{src,packaging}/**/*.host.test.ts'],
          // hosts of both back ends run side by side on two cores
          testTimeout: 120_000,
          hookTimeout: 120_000,
          expect: { poll: { timeout: 20_000 } },
          maxWorkers: 2,
        },
      },
    ],
  },
});
