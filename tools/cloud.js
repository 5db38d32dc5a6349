// `npm run cloud`: the embedded cloud alone, for clients of KakaoCloud's API.
import { ensureDebianPackages, ensureMachineTools, ensureSshServer } from './lib/debian.js';
import { ensurePackages } from './lib/npm.js';
import { startTied } from './lib/tied.js';

try {
  await ensurePackages();
  await ensureDebianPackages(['iptables', 'iproute2']);
  await ensureSshServer();
  if (/--hosts[= ]machines/.test(process.argv.join(' '))) await ensureMachineTools();
  startTied('packages/stack/src/cloud-main.ts');
} catch (error) {
  console.error(`The cloud did not start: ${error.message}`);
  process.exit(1);
}
