/**
 * Places at which a test may end the process as a power cut would: `begun` (the operation is stored), and of each step
 * `N.marked` (stored as running), `N.made` (the change is made, nothing stored) and `N.kept` (stored as done). They do
 * something only where the test environment says so at the start; elsewhere each is one comparison.
 */
const chosen = process.env.MORU_BFF_TESTING === '1' ? process.env.MORU_BFF_FAILPOINT : undefined;

export function failpoint(name: string): void {
  if (chosen !== undefined && chosen === name) process.kill(process.pid, 'SIGKILL');
}
