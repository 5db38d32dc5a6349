import { type RouteEdit, routeEditSchema } from '@moru/types';
import { z } from 'zod';

const editsSchema = z.array(routeEditSchema).min(1).max(32);

/** Edits as they stand in an address; null for anything else. */
export function parseEdits(text: string | undefined): RouteEdit[] | null {
  if (text === undefined) return null;
  try {
    const read = editsSchema.safeParse(JSON.parse(text));
    return read.success ? read.data : null;
  } catch {
    return null;
  }
}
