import { completeRuleSet } from '@moru/netfilter';
import { type Family, type FirewallState, familySchema, ProblemError } from '@moru/types';
import { rulesFileOf } from '../firewall/outputs.ts';
import { readRules } from '../firewall/rules.ts';
import { readSaved } from '../firewall/saved.ts';
import type { TrialHost } from '../trial/host.ts';

export interface Drift {
  family: Family;
  /** null where the rules that run cannot be read */
  saved: FirewallState['saved'] | null;
}

/** Whether the saved files hold the rules that run. */
export async function readDrift({ config, tools }: TrialHost): Promise<Drift[]> {
  return Promise.all(
    familySchema.options.map(async (family): Promise<Drift> => {
      try {
        const { set } = await readRules(await tools.of(family));
        const path = rulesFileOf(family, config.rulesFile);
        return { family, saved: await readSaved(path, family, completeRuleSet(set)) };
      } catch (error) {
        if (error instanceof ProblemError) return { family, saved: null };
        throw error;
      }
    }),
  );
}
