import type { NetworkRoute, RouteEdit } from '@moru/types';

/** Edits as an address carries them; review/parse-edits.ts reads them. */
export const printEdits = (edits: readonly RouteEdit[]): string => JSON.stringify(edits);

/** The guide's repair: this gateway stays, every other default gateway of its family goes. Null for one without. */
export function keepOnly({ family, gateway, device }: NetworkRoute): RouteEdit | null {
  return gateway === null || device === null ? null : { type: 'keepDefault', family, gateway, device };
}

/** Why a route is not deleted here; null for one that may be. The host judges the same once more. */
export function whyKept(route: NetworkRoute): 'kernel' | 'strange' | null {
  if (route.protocol === 'kernel' || route.protocol === 'redirect') return 'kernel';
  const strange = route.unread !== '' || route.type !== 'unicast' || route.nexthops.length > 0;
  return strange || route.expires !== null || route.protocol === 'ra' ? 'strange' : null;
}

/** How an administrator deletes a default gateway, in the guide's words where net-tools can say it. */
export function deleteCommand({ family, gateway, device, specification }: NetworkRoute): string {
  return family === 'ipv4' && gateway !== null && device !== null
    ? `sudo route del default gw ${gateway} dev ${device}`
    : `sudo ip ${family === 'ipv6' ? '-6 ' : ''}route del ${specification}`;
}
