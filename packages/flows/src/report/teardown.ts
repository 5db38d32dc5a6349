import type { FullConfig } from '@playwright/test';
import { redactFolder } from './redact.ts';
import { forgetSecrets, keptSecrets } from './secrets.ts';

/**
 * Takes secrets out of what a run recorded and forgets them, whatever reporters were asked for: `--reporter` takes the
 * place of all that the configuration names (reporter.ts among them).
 */
export default function forgetRun({ projects }: FullConfig): void {
  for (const { outputDir } of projects) redactFolder(outputDir, keptSecrets());
  forgetSecrets();
}
