import type { NetworkInterface } from '@moru/types';
import { useQuery } from '@tanstack/react-query';
import { networksQuery } from '../lifecycle/lifecycle-requests.ts';

// route tables are changed in the cloud's own console, while this one is open beside it
const calmMs = 10_000;

/**
 * Whether the route table of an interface's subnet leads to an internet gateway, without which no Public IP there is
 * reached; null while that is not known.
 */
export function useReachesInternet(): (nic: Pick<NetworkInterface, 'subnet'>) => boolean | null {
  const { data } = useQuery({ ...networksQuery, staleTime: 0, refetchInterval: calmMs });
  return ({ subnet }) => {
    const all = data?.vpcs.flatMap(({ subnets }) => subnets);
    return all?.find(({ id }) => id === subnet?.id)?.reachesInternet ?? null;
  };
}
