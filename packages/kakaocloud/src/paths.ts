/** Header of every call but the one that issues a token. */
export const authTokenHeader = 'x-auth-token';

/** Carries the token in the answer that issues it, and the token in question when one is checked or revoked. */
export const subjectTokenHeader = 'x-subject-token';

// One segment of a path. A router passes `:name` for its parameters, which stay as they are. `.` and `..` would be
// resolved away even when percent-encoded once (WHATWG URL), so they are encoded twice: no resource has that id.
const segment = (value: string) => {
  if (/^:[a-z][A-Za-z]*$/.test(value)) return value;
  return /^\.{1,2}$/.test(value) ? value.replaceAll('.', '%252E') : encodeURIComponent(value);
};

const instances = '/api/v1/instances';
const publicIps = '/api/v1/public-ips';
const networkInterfaces = '/api/v1/network-interfaces';
const vpcs = '/api/v1/vpcs';
const subnets = '/api/v1/subnets';
const routeTables = '/api/v1/route-tables';
const flavors = '/api/v1/flavors';
const images = '/api/v1/images';
const keyPairs = '/api/v1/keypairs';
const securityGroups = '/api/v1/security-groups';

/** Paths of IAM (`/identity`), behind the IAM base URL. */
export const iamPaths = {
  tokens: '/identity/v3/auth/tokens',
} as const;

/** Paths of BCS, behind the BCS base URL (reference/kakaocloud.md C.4 and C.5). */
export const bcsPaths = {
  instances,
  instance: (instanceId: string) => `${instances}/${segment(instanceId)}`,
  /** POST without a body, for one of instanceActions */
  action: (instanceId: string, action: string) => `${instances}/${segment(instanceId)}/${segment(action)}`,
  /** POST with the action in the query, of the newer SDK */
  actions: (instanceId: string) => `${instances}/${segment(instanceId)}/actions`,
  rebuild: (instanceId: string) => `${instances}/${segment(instanceId)}/rebuild`,
  resize: (instanceId: string) => `${instances}/${segment(instanceId)}/resize`,
  actionLogs: (instanceId: string) => `${instances}/${segment(instanceId)}/action-logs`,
  /** `?lines=` is mandatory */
  consoleLogs: (instanceId: string) => `${instances}/${segment(instanceId)}/console-logs`,
  password: (instanceId: string) => `${instances}/${segment(instanceId)}/password`,
  flavors,
  flavor: (flavorId: string) => `${flavors}/${segment(flavorId)}`,
  keyPairs,
  keyPair: (name: string) => `${keyPairs}/${segment(name)}`,
  networkInterfaces: (instanceId: string) => `${instances}/${segment(instanceId)}/network-interfaces`,
  /** POST attaches, DELETE detaches */
  networkInterface: (instanceId: string, nicId: string) =>
    `${instances}/${segment(instanceId)}/network-interfaces/${segment(nicId)}`,
  addressPairs: (instanceId: string, nicId: string) =>
    `${instances}/${segment(instanceId)}/network-interfaces/${segment(nicId)}/allowed-address-pairs`,
  /** POST attaches, DELETE detaches */
  interfaceSecurityGroup: (instanceId: string, nicId: string, groupId: string) =>
    `${instances}/${segment(instanceId)}/network-interfaces/${segment(nicId)}/security-groups/${segment(groupId)}`,
  /** POST creates and attaches, DELETE detaches (`?is_delete=true` also deletes) */
  interfacePublicIps: (instanceId: string, nicId: string) =>
    `${instances}/${segment(instanceId)}/network-interfaces/${segment(nicId)}/public-ips`,
  /** PUT attaches an idle one */
  interfacePublicIp: (instanceId: string, nicId: string, publicIpId: string) =>
    `${instances}/${segment(instanceId)}/network-interfaces/${segment(nicId)}/public-ips/${segment(publicIpId)}`,
} as const;

/** Paths of Image, behind the Image base URL. */
export const imagePaths = {
  images,
  image: (imageId: string) => `${images}/${segment(imageId)}`,
} as const;

/** Paths of the Config service (reference/kakaocloud.md C.8), behind its base URL. */
export const configPaths = {
  clientEndpoints: '/api/v1/client-endpoints/resolve',
  zonePolicies: '/api/v1/az-policies/resolve',
} as const;

/** Paths of Network, behind the Network base URL (reference/kakaocloud.md C.6). */
export const networkPaths = {
  publicIps,
  publicIp: (publicIpId: string) => `${publicIps}/${segment(publicIpId)}`,
  /** PUT attaches, DELETE detaches */
  publicIpInterface: (publicIpId: string, nicId: string) =>
    `${publicIps}/${segment(publicIpId)}/network-interfaces/${segment(nicId)}`,
  securityGroups,
  securityGroup: (groupId: string) => `${securityGroups}/${segment(groupId)}`,
  securityGroupRules: (groupId: string) => `${securityGroups}/${segment(groupId)}/rules`,
  securityGroupRule: (groupId: string, ruleId: string) =>
    `${securityGroups}/${segment(groupId)}/rules/${segment(ruleId)}`,
} as const;

/** Paths of VPC, behind the VPC base URL (reference/kakaocloud.md C.7). */
export const vpcPaths = {
  networkInterfaces,
  networkInterface: (nicId: string) => `${networkInterfaces}/${segment(nicId)}`,
  addressPairs: (nicId: string) => `${networkInterfaces}/${segment(nicId)}/allowed-address-pairs`,
  vpcs,
  vpc: (vpcId: string) => `${vpcs}/${segment(vpcId)}`,
  subnets,
  subnet: (subnetId: string) => `${subnets}/${segment(subnetId)}`,
  routeTables,
  routeTable: (tableId: string) => `${routeTables}/${segment(tableId)}`,
  mainRouteTable: (tableId: string) => `${routeTables}/${segment(tableId)}/main`,
  routes: (tableId: string) => `${routeTables}/${segment(tableId)}/routes`,
  route: (tableId: string, routeId: string) =>
    `${routeTables}/${segment(tableId)}/routes/${segment(routeId)}`,
  associations: (tableId: string) => `${routeTables}/${segment(tableId)}/associations`,
  association: (tableId: string, associationId: string) =>
    `${routeTables}/${segment(tableId)}/associations/${segment(associationId)}`,
} as const;
