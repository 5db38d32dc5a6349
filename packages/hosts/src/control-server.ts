import { createServer, type Server } from 'node:http';
import { z } from 'zod';
import type { HostDriver } from './driver.ts';
import { BodyTooLarge, readJsonBody } from './json-body.ts';

const nicSchema = z.strictObject({
  id: z.string(),
  device: z.string().regex(/^eth\d$/),
  mac: z.string().regex(/^([0-9a-f]{2}:){5}[0-9a-f]{2}$/),
  address: z.ipv4(),
  prefix: z.int().min(8).max(30),
  gateway: z.ipv4(),
  network: z.enum(['front', 'back']),
});

const specSchema = z.strictObject({
  id: z.uuid(),
  hostname: z.string().regex(/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/),
  backend: z.enum(['legacy', 'nft']),
  nics: z.array(nicSchema).min(1).max(8),
  webServer: z.boolean(),
});

const idSchema = z.strictObject({ id: z.uuid() });
const mappingsSchema = z.array(z.strictObject({ publicIp: z.ipv4(), privateIp: z.ipv4() })).max(65_536);

const maximumBodyBytes = 8 * 1024 * 1024;

/** Serves a driver over a unix socket for `connectHostControl`: 204 when done, 400 or 500 with one line of text. */
export function serveHostControl(driver: HostDriver, socketPath: string): Promise<Server> {
  const methods: Record<string, (body: unknown) => Promise<void>> = {
    '/start': (body) => driver.start(specSchema.parse(body)),
    '/stop': (body) => driver.stop(idSchema.parse(body).id),
    '/reboot': (body) => driver.reboot(idSchema.parse(body).id),
    '/rebuild': (body) => driver.rebuild(specSchema.parse(body)),
    '/public-ips': (body) => driver.setPublicIps(mappingsSchema.parse(body)),
  };
  const server = createServer(async (incoming, answer) => {
    try {
      const method = incoming.method === 'POST' ? methods[incoming.url ?? ''] : undefined;
      if (!method) {
        answer.writeHead(404).end('no such method');
        return;
      }
      await method(await readJsonBody(incoming, maximumBodyBytes));
      answer.writeHead(204).end();
    } catch (error) {
      const badInput = [z.ZodError, SyntaxError, BodyTooLarge].some((kind) => error instanceof kind);
      answer.writeHead(badInput ? 400 : 500).end(error instanceof Error ? error.message : String(error));
    }
  });
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(socketPath, () => resolve(server));
  });
}
