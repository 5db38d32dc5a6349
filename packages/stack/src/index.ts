export { networks, run, runInHost, runInNetwork, tied } from '@moru/hosts';
export { type Installation, startInstallation } from './installation.ts';
export type { StackOptions } from './options.ts';
