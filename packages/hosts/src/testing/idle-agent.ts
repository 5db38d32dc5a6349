import { createServer } from 'node:net';

/** Stands where an agent would in tests of the hosts themselves: listens, answers nothing. */
createServer((socket) => socket.end()).listen(7443, '0.0.0.0');
