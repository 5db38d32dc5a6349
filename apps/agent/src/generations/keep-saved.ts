import { type Family, familySchema, type Generation } from '@moru/types';
import { revisionOf } from '../firewall/revision.ts';
import { readRules } from '../firewall/rules.ts';
import { log, messageOf } from '../log.ts';
import type { TrialHost } from '../trial/host.ts';
import { ownedSave } from '../trial/rewrite.ts';
import { keepGeneration } from './store.ts';

/**
 * Keeps the running rules as a generation once they were saved without a trial, so that boot has something to fall
 * back on. What goes wrong here is logged: the file is saved all the same.
 */
export async function keepSaved(host: TrialHost, saved: Family, requestId: string): Promise<void> {
  const rules: Partial<Record<Family, string>> = {};
  const revisions: Generation['revisions'] = {};
  try {
    for (const family of familySchema.options) {
      const live = await readRules(await host.tools.of(family)).catch(() => null);
      if (!live || live.hostile) continue;
      rules[family] = ownedSave(live.set);
      revisions[family] = revisionOf(live.set);
    }
    const at = new Date().toISOString();
    const facts = { at, author: '', note: '', reason: 'saved', trial: null, revisions } as const;
    await keepGeneration(host.config.stateFolder, { ...facts, saved: [saved], rules, routes: null });
  } catch (error) {
    log.error('the saved rules were not kept as a generation', { requestId, reason: messageOf(error) });
  }
}
