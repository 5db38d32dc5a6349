import type { Installation } from '@moru/stack';
import type { InstallationApi } from './api.ts';
import { setFaults } from './faults.ts';
import { resetGateways } from './gateways.ts';
import type { Outside } from './outside.ts';

/** As after the first start, as far as flows change it: faults, rules, drafts, gateways. */
export async function resetInstallation(
  installation: Installation,
  api: InstallationApi,
  outside: Outside,
): Promise<void> {
  await setFaults(installation, []);
  const running = ['web-01', 'web-02', 'db-01'].filter(
    (name) => installation.hosts.hostPid(api.idOf(name)) !== undefined,
  );
  for (const name of running) await outside.resetHost(name);
  if (running.includes('web-02')) await resetGateways(outside);
}
