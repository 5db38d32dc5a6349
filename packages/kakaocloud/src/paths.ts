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

/** Paths of IAM (`/identity`), behind the IAM base URL. */
export const iamPaths = {
  tokens: '/identity/v3/auth/tokens',
} as const;

/** Paths of BCS, behind the BCS base URL (reference/kakaocloud.md C.4 and C.5). */
export const bcsPaths = {
  instances,
  instance: (instanceId: string) => `${instances}/${segment(instanceId)}`,
  networkInterfaces: (instanceId: string) => `${instances}/${segment(instanceId)}/network-interfaces`,
  /** POST creates and attaches, DELETE detaches (`?is_delete=true` also deletes) */
  interfacePublicIps: (instanceId: string, nicId: string) =>
    `${instances}/${segment(instanceId)}/network-interfaces/${segment(nicId)}/public-ips`,
  /** PUT attaches an idle one */
  interfacePublicIp: (instanceId: string, nicId: string, publicIpId: string) =>
    `${instances}/${segment(instanceId)}/network-interfaces/${segment(nicId)}/public-ips/${segment(publicIpId)}`,
} as const;

/** Paths of Network, behind the Network base URL (reference/kakaocloud.md C.6). */
export const networkPaths = {
  publicIps,
  publicIp: (publicIpId: string) => `${publicIps}/${segment(publicIpId)}`,
  /** PUT attaches, DELETE detaches */
  publicIpInterface: (publicIpId: string, nicId: string) =>
    `${publicIps}/${segment(publicIpId)}/network-interfaces/${segment(nicId)}`,
} as const;

/** Paths of VPC, behind the VPC base URL (reference/kakaocloud.md C.7). */
export const vpcPaths = {
  networkInterfaces,
  networkInterface: (nicId: string) => `${networkInterfaces}/${segment(nicId)}`,
  vpcs,
  vpc: (vpcId: string) => `${vpcs}/${segment(vpcId)}`,
  subnets,
  subnet: (subnetId: string) => `${subnets}/${segment(subnetId)}`,
} as const;
