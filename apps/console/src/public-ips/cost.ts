import type { Installation } from '@moru/types';

const hourMs = 3_600_000;

/** What an address has cost from `createdAt` (RFC 3339) until `now`, each begun hour counted whole. */
export function costUntil(
  now: number,
  createdAt: string,
  { perHour }: NonNullable<Installation['publicIpPrice']>,
): number {
  return Math.max(1, Math.ceil((now - Date.parse(createdAt)) / hourMs)) * perHour;
}
