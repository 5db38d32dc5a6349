import { machineImage } from '../machines/image.ts';

/**
 * The image that tests of machines start from, made when there is none (about a minute), or why it cannot be made:
 * for `skip`. On a build server (`CI=true`) it must be there, and this rejects.
 */
export async function imageForTests(): Promise<{ image: string; missing?: string }> {
  try {
    return { image: await machineImage((line) => process.stderr.write(`${line}\n`)) };
  } catch (error) {
    if (process.env.CI === 'true') throw error;
    const missing = `no machines here: ${error instanceof Error ? error.message : String(error)}`;
    process.stderr.write(`skipped: ${missing}\n`);
    return { image: '', missing };
  }
}

/** For the hook that waits for it. */
export const imageForTestsMs = 660_000;
