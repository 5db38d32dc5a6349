import type { Logger } from '../log.ts';
import type { OperationEngine } from './engine.ts';
import type { OperationRepository } from './repository.ts';

/** Operations that nobody is at are looked for this often: those of a replica that died, and items of bulk ones. */
const lookMs = 1_000;

/** What one replica does at once beside the requests: a cloud takes no more kindly. */
const maximumAtOnce = 6;

export interface OperationKeeper {
  /** looks now, not at the next turn */
  look(): void;
  stop(): void;
}

/** Takes up what is under way and nobody is at. */
export function startOperationKeeper(
  repository: OperationRepository,
  engine: OperationEngine,
  log: Logger,
): OperationKeeper {
  let looking = false;

  const look = async () => {
    if (looking) return;
    looking = true;
    try {
      const room = maximumAtOnce - engine.count();
      for (const operation of room > 0 ? await repository.claim(room) : []) {
        engine.run(operation).ended.then(() => void look());
      }
    } catch (error) {
      log.warn({ error }, 'operations were not looked for');
    } finally {
      looking = false;
    }
  };

  void look();
  const timer = setInterval(look, lookMs);
  return { look: () => void look(), stop: () => clearInterval(timer) };
}
