import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { Installation } from '@moru/stack';

/** Lets time go by for the sessions of an installation, as its own store keeps them. */
export function sessionClock(installation: Installation) {
  const open = () => new DatabaseSync(join(installation.folders.data, 'bff', 'moru.db'), { timeout: 5_000 });
  const change = (assignment: string) => {
    const file = open();
    file.exec(`UPDATE session SET ${assignment}`);
    file.close();
  };
  return {
    /** as if every key had been proven an hour ago */
    forgetProofs: () => change('created_at = created_at - 3600000, proved_at = proved_at - 3600000'),
    /** as if every token ended in so many seconds */
    endIn: (seconds: number) => change(`expires_at = ${Date.now() + seconds * 1_000}`),
    /** since the newest session was last used */
    usedSecondsAgo() {
      const file = open();
      const row = file.prepare('SELECT used_at FROM session ORDER BY created_at DESC LIMIT 1').get();
      file.close();
      return (Date.now() - Number(row?.used_at)) / 1_000;
    },
    /** as if nobody had used any session for so many minutes */
    leaveFor: (minutes: number) => change(`used_at = ${Date.now() - minutes * 60_000}`),
  };
}
