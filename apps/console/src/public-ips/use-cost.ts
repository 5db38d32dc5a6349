import { useQuery } from '@tanstack/react-query';
import { amount } from '../i18n/format.ts';
import { installationQuery } from '../session/session-queries.ts';
import { language } from '../shell/preferences.ts';
import { costUntil } from './cost.ts';

/** What an address has cost so far, in words; null where no price is configured. */
export function useCostSoFar(): ((ip: { createdAt: string }, now: number) => string) | null {
  const price = useQuery(installationQuery).data?.publicIpPrice;
  if (!price) return null;
  return ({ createdAt }, now) => amount(costUntil(now, createdAt, price), price.currency, language());
}
