import { flowsConfig } from './packages/flows/src/config.ts';

// `npx playwright test` alone: what flows need is installed and built first (tools/lib/prepare-flows.js)
export default { ...flowsConfig(process.env), globalSetup: './tools/lib/prepare-flows.js' };
