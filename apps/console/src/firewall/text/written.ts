import { beforeSignOut } from '../../session/before-sign-out.ts';
import type { DraftRules } from '../drafts/draft-rules.ts';

/** A text that is not part of the draft yet, and the rules that it was made of. */
export interface Written {
  text: string;
  since: DraftRules;
}

/** By session and table: going to another chain or page and back loses nothing. A reload does. */
const texts = new Map<string, Written>();

beforeSignOut(async () => texts.clear());

export const writtenOf = (key: string): Written | undefined => texts.get(key);

export function keepWritten(key: string, written: Written | null): void {
  if (written) texts.set(key, written);
  else texts.delete(key);
}
