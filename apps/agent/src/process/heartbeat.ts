import { chmod, writeFile } from 'node:fs/promises';

const beatMs = 5_000;

/**
 * Writes `PROCESS NUMBER` to a file as long as the event loop turns: packaging/lib/watch takes a program whose
 * number stands still for one that hangs.
 */
export function startHeartbeat(path: string): void {
  let number = 0;
  const beat = () => {
    number += 1;
    // a file that cannot be written is a heart that does not beat: the watcher will say so
    void writeFile(path, `${process.pid} ${number}\n`)
      // whatever the umask: the watcher is another user, without a right to read everything
      .then(() => chmod(path, 0o644))
      .catch(() => {});
  };
  beat();
  setInterval(beat, beatMs).unref();
}
