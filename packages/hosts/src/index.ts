export { type Authority, openAuthority } from './certificates.ts';
export { connectHostControl } from './control-client.ts';
export { serveHostControl } from './control-server.ts';
export type { HostDriver, HostNic, HostSpec, PublicIpMapping } from './driver.ts';
export { type NamespaceDriver, namespaceDriver } from './namespaces/driver.ts';
export { createFabric, type Fabric, networks } from './namespaces/fabric.ts';
export { run, runInHost, runInNetwork, tied } from './namespaces/run.ts';
export { type NamespaceSupport, namespaceSupport } from './namespaces/support.ts';
export { simulatedDriver } from './simulated/driver.ts';
