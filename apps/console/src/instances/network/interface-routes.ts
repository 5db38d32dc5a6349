import type { DefaultGateway, HostInterface, NetworkInterface, RoutingState } from '@moru/types';

/** An interface as the cloud has it, with what the host says of it. */
export interface InterfaceRoute {
  nic: NetworkInterface;
  /** null while the host was not read, and where it has no such interface */
  link: Pick<HostInterface, 'name' | 'up' | 'carrier'> | null;
  /** the default route of IPv4 over it; null where there is none, or nobody knows */
  way: DefaultGateway | null;
  /** the interface that answers what comes in here from beyond; null where it answers itself */
  answeredBy: string | null;
}

type Routing = Pick<RoutingState, 'interfaces' | 'defaults' | 'problems'>;

/** The cloud numbers interfaces, the host names them: their MAC address is what both know. */
export function interfaceRoutes(
  nics: readonly NetworkInterface[],
  routing: Routing | undefined,
): InterfaceRoute[] {
  return nics.map((nic) => {
    const link = linkOf(nic, routing?.interfaces ?? []);
    const isHere = ({ device }: { device: string | null }) => link !== null && device === link.name;
    const way = routing?.defaults.ipv4.find(({ route }) => isHere(route)) ?? null;
    const problem = routing?.problems.find(
      (each) => each.code === 'repliesElsewhere' && each.family === 'ipv4' && isHere(each),
    );
    return { nic, link, way, answeredBy: problem?.by ?? null };
  });
}

function linkOf(
  { macAddress, device }: NetworkInterface,
  links: readonly HostInterface[],
): HostInterface | null {
  const mac = macAddress?.toLowerCase();
  const same = links.find((link) => mac !== undefined && link.mac?.toLowerCase() === mac);
  return same ?? links.find(({ name, mac: other }) => name === device && (other === null || !mac)) ?? null;
}
