import { connect, createServer } from 'node:net';

/**
 * Runs in the client's network namespace: passes each connection to FOLDER/PORT.sock on to that port of ADDRESS.
 * Arguments: FOLDER ADDRESS PORT…. Ends with its stdin, so that a test that is killed leaves it not behind.
 */
const [folder, address, ...ports] = process.argv.slice(2);

const listening = ports.map(
  (port) =>
    new Promise<void>((resolve) => {
      createServer((near) => {
        const far = connect(Number(port), address);
        near.pipe(far).pipe(near);
        for (const side of [near, far]) side.on('error', () => {});
        // also one that waits for its first answer
        near.on('close', () => far.destroy());
        // what it has sent by then may still be on its way to a slow reader
        far.on('close', () => {
          if (!near.writableEnded) near.destroy();
        });
      }).listen(`${folder}/${port}.sock`, resolve);
    }),
);
await Promise.all(listening);
process.stdout.write('ready\n');

process.stdin.resume().once('end', () => process.exit());
