import { join } from 'node:path';
import type { Config } from '../config.ts';
import type { Tools } from '../firewall/tools.ts';
import { readBootId } from './clock.ts';

/** What every step of a trial needs to know of the host. */
export interface TrialHost {
  config: Config;
  tools: Tools;
  /** folder of the trials */
  trials: string;
  bootId: string;
}

export function trialHost(config: Config, tools: Tools): TrialHost {
  return {
    config,
    tools,
    trials: join(config.stateFolder, 'trial'),
    bootId: readBootId(config.bootIdFile),
  };
}
