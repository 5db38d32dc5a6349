import { connect, createServer } from 'node:net';

/**
 * Runs in the client's network namespace: passes each connection to SOCKET on to ADDRESS PORT. Ends with its
 * stdin, so that a test that is killed leaves it not behind.
 */
const [socketPath, address, port] = process.argv.slice(2);

createServer((near) => {
  const far = connect(Number(port), address);
  near.pipe(far).pipe(near);
  near.on('error', () => far.destroy());
  far.on('error', () => near.destroy());
}).listen(socketPath, () => process.stdout.write('ready\n'));

process.stdin.resume().once('end', () => process.exit());
