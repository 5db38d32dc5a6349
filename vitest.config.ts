import { defineConfig } from 'vitest/config';

// `unit` runs anywhere; `hosts` needs root, namespaces and iptables, and leaves none behind.
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          include: ['{apps,packages}/*/src/**/*.test.{ts,tsx}', 'tools/**/*.test.{ts,js}'],
          exclude: ['**/*.host.test.ts'],
        },
      },
      {
        test: {
          name: 'hosts',
          include: ['{apps,packages}/*/src/**/*.host.test.ts'],
          testTimeout: 60_000,
          hookTimeout: 60_000,
          maxWorkers: 2,
        },
      },
    ],
  },
});
