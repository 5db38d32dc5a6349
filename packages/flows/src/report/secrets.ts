import { appendFileSync, readFileSync, rmSync } from 'node:fs';

/**
 * Values that no report may hold: access keys, sessions, join tokens. Workers note them in a file beside the reports,
 * since what Playwright records is packed only after a worker has let go of it; they are taken out
 * (redact.ts) and the file is removed at the end of a run (teardown.ts).
 */
const place = () => process.env.MORU_FLOWS_SECRETS;

/** shorter ones would take innocent text with them */
const shortest = 12;

export function keepSecret(value: string | undefined): void {
  const file = place();
  if (file && value && value.length >= shortest && !value.includes('\n')) {
    appendFileSync(file, `${value}\n`, { mode: 0o600 });
  }
}

/** What was noted, each in the forms in which it may stand in a report; the longest first. */
export function keptSecrets(): string[] {
  const file = place();
  if (!file) return [];
  let text = '';
  try {
    text = readFileSync(file, 'utf8');
  } catch {
    return []; // nobody signed in
  }
  const values = text.split('\n').filter(Boolean);
  const forms = values.flatMap((value) => [
    value,
    encodeURIComponent(value),
    JSON.stringify(value).slice(1, -1),
  ]);
  return [...new Set(forms)].sort((a, b) => b.length - a.length);
}

export function forgetSecrets(): void {
  const file = place();
  if (file) rmSync(file, { force: true });
}
