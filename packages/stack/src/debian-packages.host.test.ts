import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';

/** What `npm start` and `npm test` install (tools/lib/debian.js); a server's package would be unpacked instead. */
const installed = ['iptables', 'iproute2', 'inotify-tools', 'curl', 'wget', 'chromium', 'fonts-noto-cjk'];

test.each(installed)('the package %s brings no unit, init script or cron job into the machine', (name) => {
  const files = execFileSync('dpkg-query', ['-L', name], { encoding: 'utf8' }).split('\n');
  expect(files.length).toBeGreaterThan(1);
  expect(
    files.filter((path) => /^\/(usr\/)?(lib|etc)\/systemd\/|^\/etc\/(init\.d|cron[^/]*)\/./.test(path)),
  ).toEqual([]);
});
