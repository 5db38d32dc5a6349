import { apiPaths } from '@moru/types';
import { expect } from '@playwright/test';
import type { InstallationApi } from './api.ts';

/** The primary interface of an instance without a Public IP, whatever a flow before has left there. */
export async function freeInterface(api: InstallationApi, hostname: string): Promise<void> {
  // refused while the operation that connected the address is still at its last look
  await expect
    .poll(
      async () => {
        const nic = (await api.instance(hostname)).networkInterfaces[0];
        if (!nic?.publicIp) return true;
        const path = apiPaths.interfacePublicIp(api.idOf(hostname), nic.id);
        await api.call('DELETE', path, { publicIpId: nic.publicIp.id, deletePublicIp: false });
        return false;
      },
      { timeout: 30_000 },
    )
    .toBe(true);
}
