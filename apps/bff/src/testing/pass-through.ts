// What the BFF is compared with: Express and axios, and nothing between. Argument: the upstream's address. Prints its
// own; ends with its standard input.
import { Agent } from 'node:http';
import type { AddressInfo } from 'node:net';
import axios from 'axios';
import express, { type ErrorRequestHandler } from 'express';

const client = axios.create({ baseURL: process.argv[2] ?? '', httpAgent: new Agent({ keepAlive: true }) });
const app = express();
app.get('/api/v1/instances', async (request, response) => {
  const { data, status } = await client.get('/api/v1/instances', {
    params: request.query,
    headers: { 'x-auth-token': request.get('x-auth-token') },
  });
  response.status(status).json(data);
});
// Express would tell the asker alone
app.use(((error, _request, _response, next) => {
  process.stderr.write(`pass-through: ${error.code ?? ''} ${error.message}\n`);
  next(error);
}) satisfies ErrorRequestHandler);
const server = app.listen(0, '127.0.0.1', () => {
  process.stdout.write(`http://127.0.0.1:${(server.address() as AddressInfo).port}\n`);
});
process.stdin.resume().once('end', () => process.exit());
