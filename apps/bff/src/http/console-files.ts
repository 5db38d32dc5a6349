import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { extname, join, relative, sep } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import type { Request, RequestHandler, Response } from 'express';

/** Replaced in index.html by the request's nonce. */
const noncePlaceholder = '__CSP_NONCE__';

/** A build of the console is under 5 MB; anything much larger is the wrong folder. */
const maximumTotalBytes = 64 * 1024 * 1024;

const compressors = {
  // 9 of 11: 2 % larger than the best and ten times as fast, since the first visitor waits for it
  br: (bytes: Buffer) =>
    promisify(brotliCompress)(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 9 } }),
  gzip: (bytes: Buffer) => promisify(gzip)(bytes),
};
type Encoding = keyof typeof compressors;

const compressible = new Set(['.js', '.css', '.html', '.svg', '.json', '.map', '.txt', '.webmanifest']);

interface Asset {
  type: string;
  bytes: Buffer;
  etag: string;
  immutable: boolean;
  compressed: Map<Encoding, Promise<Buffer>> | null;
}

/**
 * Serves a built console out of memory: paths are looked up in a table, so no request reaches the disk or leaves the
 * folder. Files under assets/ carry a hash in their name and never change. A path without an extension is a page of
 * the SPA and gets index.html.
 */
export async function serveConsole(folder: string): Promise<RequestHandler> {
  const assets = await loadAssets(folder);
  const index = assets.get('/index.html')?.bytes.toString('utf8');
  if (index === undefined) throw new Error(`${folder} has no index.html`);
  if (!index.includes(noncePlaceholder))
    throw new Error(`index.html of ${folder} has no ${noncePlaceholder}`);
  assets.delete('/index.html');
  return async (request, response, next) => {
    if (request.method !== 'GET' && request.method !== 'HEAD') return next();
    const asset = assets.get(request.path);
    if (asset) return sendAsset(asset, request, response);
    if (extname(request.path) !== '' && request.path !== '/index.html') return next();
    response
      .set('cache-control', 'no-store')
      .type('html')
      .send(index.replaceAll(noncePlaceholder, response.locals.cspNonce));
  };
}

async function loadAssets(folder: string): Promise<Map<string, Asset>> {
  const assets = new Map<string, Asset>();
  let total = 0;
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const file = join(entry.parentPath, entry.name);
    const bytes = await readFile(file);
    total += bytes.length;
    if (total > maximumTotalBytes) throw new Error(`${folder} is too large for a built console`);
    const path = `/${relative(folder, file).split(sep).join('/')}`;
    const extension = extname(path);
    assets.set(path, {
      type: extension,
      bytes,
      etag: createHash('sha256').update(bytes).digest('base64url'),
      immutable: path.startsWith('/assets/'),
      compressed: compressible.has(extension) ? new Map() : null,
    });
  }
  return assets;
}

async function sendAsset(asset: Asset, request: Request, response: Response): Promise<void> {
  const encoding = asset.compressed ? acceptedEncoding(request) : null;
  response
    .type(asset.type)
    .set('cache-control', asset.immutable ? 'public, max-age=31536000, immutable' : 'no-cache')
    .set('etag', `"${asset.etag}${encoding === null ? '' : `-${encoding}`}"`);
  if (asset.compressed) response.vary('Accept-Encoding');
  if (encoding !== null) response.set('content-encoding', encoding);
  response.send(await encodedBytes(asset, encoding));
}

function acceptedEncoding(request: Request): Encoding | null {
  const accepted = request.acceptsEncodings(['br', 'gzip']);
  return accepted === 'br' || accepted === 'gzip' ? accepted : null;
}

/** Compressed when first asked for, so that the start does not wait, and once only. */
function encodedBytes({ bytes, compressed }: Asset, encoding: Encoding | null): Promise<Buffer> {
  if (encoding === null || !compressed) return Promise.resolve(bytes);
  const known = compressed.get(encoding) ?? compressors[encoding](bytes);
  compressed.set(encoding, known);
  return known;
}
