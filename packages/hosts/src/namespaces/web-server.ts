import { createServer } from 'node:http';

/** The workload of the seeded web host: one page on port 80 that names the host and who asked. */
const hostname = process.argv[2] ?? 'host';
const server = createServer({ requestTimeout: 10_000 }, (request, answer) => {
  answer.writeHead(200, { 'content-type': 'text/plain; charset=utf-8', connection: 'close' });
  answer.end(`${hostname}: hello ${request.socket.remoteAddress}\n`);
});
server.listen(80, '0.0.0.0');
process.once('SIGTERM', () => process.exit(0));
