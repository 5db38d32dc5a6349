import { createServer, type Server } from 'node:http';
import { z } from 'zod';
import type { HostDriver } from './driver.ts';
import { BodyTooLarge, readJsonBody } from './json-body.ts';

/** A part of an interface's name in the fabric, which holds 15 characters. */
const networkNameSchema = z.string().regex(/^[a-z0-9]{1,11}$/);

const nicSchema = z.strictObject({
  id: z.string(),
  device: z.string().regex(/^eth\d$/),
  mac: z.string().regex(/^([0-9a-f]{2}:){5}[0-9a-f]{2}$/),
  address: z.ipv4(),
  prefix: z.int().min(8).max(30),
  gateway: z.ipv4(),
  network: networkNameSchema,
});

const specSchema = z.strictObject({
  id: z.uuid(),
  hostname: z.string().regex(/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/),
  backend: z.enum(['legacy', 'nft']),
  nics: z.array(nicSchema).min(1).max(8),
  webServer: z.boolean(),
  adminUser: z.string().regex(/^[a-z][a-z0-9-]{0,30}$/),
  // one line each: they become lines of a file
  authorizedKeys: z
    .array(
      z
        .string()
        .regex(/^\P{Cc}+$/u)
        .max(16_384),
    )
    .max(16),
});

const idSchema = z.strictObject({ id: z.uuid() });
const nameSchema = specSchema.pick({ id: true, hostname: true });
const mappingsSchema = z.array(z.strictObject({ publicIp: z.ipv4(), privateIp: z.ipv4() })).max(65_536);

const maximumBodyBytes = 8 * 1024 * 1024;

/**
 * Serves a driver over a unix socket for `connectHostControl`: 204 when done, 200 with what was asked for, 400 or 500
 * with one line of text.
 */
export function serveHostControl(driver: HostDriver, socketPath: string): Promise<Server> {
  const methods: Record<string, (body: unknown) => Promise<unknown>> = {
    '/start': (body) => driver.start(specSchema.parse(body)),
    '/stop': (body) => driver.stop(idSchema.parse(body).id),
    '/reboot': (body) => driver.reboot(specSchema.parse(body)),
    '/rebuild': (body) => driver.rebuild(specSchema.parse(body)),
    '/plug': (body) => driver.plug(specSchema.parse(body)),
    '/remove': (body) => driver.remove(nameSchema.parse(body)),
    '/console': (body) => driver.console(nameSchema.parse(body)),
    '/public-ips': (body) => driver.setPublicIps(mappingsSchema.parse(body)),
  };
  const server = createServer(async (incoming, answer) => {
    try {
      const method = incoming.method === 'POST' ? methods[incoming.url ?? ''] : undefined;
      if (!method) {
        answer.writeHead(404).end('no such method');
        return;
      }
      const said = await method(await readJsonBody(incoming, maximumBodyBytes));
      if (typeof said !== 'string') answer.writeHead(204).end();
      else answer.writeHead(200, { 'content-type': 'text/plain; charset=utf-8' }).end(said);
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
