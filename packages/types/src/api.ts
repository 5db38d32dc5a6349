/** Header that every request of the console's API carries; a foreign page cannot send it without a preflight. */
export const apiHeader = { name: 'x-moru-request', value: '1' } as const;

/** Header of requests that the console makes by itself: they do not keep an unused session alive. */
export const pollHeader = { name: 'x-moru-poll', value: '1' } as const;

const id = encodeURIComponent;

/** Paths of the BFF. Used by the console's client and, with `:name` parameters, by the BFF's router. */
export const apiPaths = {
  installation: '/api/installation',
  session: '/api/session',
  instances: '/api/instances',
  instance: (instanceId: string) => `/api/instances/${id(instanceId)}`,
  interfacePublicIp: (instanceId: string, nicId: string) =>
    `/api/instances/${id(instanceId)}/network-interfaces/${id(nicId)}/public-ip`,
  publicIps: '/api/public-ips',
  firewall: (instanceId: string) => `/api/instances/${id(instanceId)}/firewall`,
  firewallOutput: (instanceId: string, kind: string) =>
    `/api/instances/${id(instanceId)}/firewall/output/${id(kind)}`,
  firewallChanges: (instanceId: string) => `/api/instances/${id(instanceId)}/firewall/changes`,
  firewallSave: (instanceId: string) => `/api/instances/${id(instanceId)}/firewall/save`,
  audit: '/api/audit',
} as const;
