import type { DefaultGateway, RoutingState } from '@moru/types';

type Known = Pick<RoutingState, 'defaults'>;

const deleting = ({ route: { gateway, device } }: DefaultGateway) =>
  gateway && device ? [`route del default gw ${gateway} dev ${device}`] : [];

/** Commands that make sense on a host as it is now: the guide's deletion only while there is a gateway too many. */
export function exampleCommands({ defaults: { ipv4 } }: Known): string[] {
  const surplus = ipv4.length > 1 ? (ipv4.findLast(({ standing }) => standing !== 'wins') ?? null) : null;
  const used = ipv4.find(({ standing }) => standing !== 'loses') ?? null;
  const via = used?.route.gateway;
  return [
    ...(surplus ? deleting(surplus) : []),
    'route -n',
    // a network that no host here has: the form alone is the example
    ...(via ? [`ip route add 10.20.0.0/16 via ${via}`] : []),
  ];
}
