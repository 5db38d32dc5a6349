import optimizeLocales from '@react-aria/optimize-locales-plugin';
import tailwindcss from '@tailwindcss/vite';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

/** `npm run dev` shows the sources as they change, in front of an installation that `npm start` keeps running. */
const installation = process.env.MORU_DEV_URL ?? 'http://127.0.0.1:4480';

export default defineConfig({
  plugins: [react(), tailwindcss(), optimizeLocales.vite({ locales: ['ko-KR', 'en-US'] })],
  // the BFF puts a fresh nonce here for every page: React Aria's injected style carries it
  html: { cspNonce: '__CSP_NONCE__' },
  server: {
    // the BFF answers only to its own address
    proxy: { '/api': { target: installation, changeOrigin: true, headers: { origin: installation } } },
  },
  build: {
    target: 'es2024',
    // an inlined asset would be a data: address, which the CSP does not allow
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: {
      treeshake: {
        // schemas are built by plain calls: unless these count as pure, every page would carry zod
        manualPureFunctions: ['z'],
        moduleSideEffects: [{ test: /packages\/types\/src\//, sideEffects: false }],
      },
      output: {
        // what the instance list needs comes in two files, one of which changes only with a dependency
        codeSplitting: {
          includeDependenciesRecursively: false,
          groups: [
            { name: 'vendor', tags: ['$initial'], test: /node_modules\/(?!zod\/)/, priority: 2 },
            // the contract's schemas are for forms alone, and forms are opened later
            {
              name: 'console',
              tags: ['$initial'],
              test: /\/console\/src\/|types\/src\/(api|capabilities|problem-catalog|host-problems)\.ts/,
            },
          ],
        },
      },
    },
  },
});
