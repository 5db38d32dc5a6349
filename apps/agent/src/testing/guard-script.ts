import { join } from 'node:path';

/** The guard as it is shipped, for whoever starts it from elsewhere. */
export const guardScript = join(import.meta.dirname, '../../guard/guard.sh');
