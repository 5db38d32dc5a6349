export { type Installation, startInstallation } from './installation.ts';
export type { StackOptions } from './options.ts';
