import { existsSync, readdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { strFromU8, strToU8, unzipSync, zipSync } from 'fflate';

const masked = '[removed]';
/** the console's own cookie, whatever its value: a session that no worker noted is one all the same */
const cookie = /(__Host-moru-[a-z0-9]{1,16}=)[^;"'\\\s,]+/g;
/** the same where its name and value stand apart */
const cookieField = /("name":\s*"__Host-moru-[a-z0-9]{1,16}",\s*"value":\s*")[^"]+/g;

export function redactText(text: string, secrets: readonly string[]): string {
  let clean = text.replace(cookie, `$1${masked}`).replace(cookieField, `$1${masked}`);
  for (const secret of secrets) clean = clean.replaceAll(secret, masked);
  return clean;
}

/** Takes the secrets out of everything in a folder, out of what is packed there too. Pictures stay as they are. */
export function redactFolder(folder: string, secrets: readonly string[]): void {
  if (!existsSync(folder)) return;
  for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    const path = join(folder, name);
    if (!statSync(path).isFile() || isPicture(name)) continue;
    const bytes = readFileSync(path);
    const clean = name.endsWith('.zip') ? redactZip(bytes, secrets) : redactBytes(bytes, secrets);
    if (clean === bytes) continue;
    writeFileSync(`${path}.clean`, clean);
    renameSync(`${path}.clean`, path);
  }
}

const isPicture = (name: string) => /\.(png|jpe?g|webp)$/.test(name);

function redactZip(bytes: Uint8Array, secrets: readonly string[]): Uint8Array {
  const entries = Object.entries(unzipSync(bytes)).map(
    ([name, content]) => [name, isPicture(name) ? content : redactBytes(content, secrets)] as const,
  );
  return zipSync(Object.fromEntries(entries), { level: 1 });
}

/** The same bytes where there is nothing to take out. As Latin-1 no byte is lost, whatever the file is. */
function redactBytes(bytes: Uint8Array, secrets: readonly string[]): Uint8Array {
  const text = strFromU8(bytes, true);
  const clean = redactText(text, secrets);
  return clean === text ? bytes : strToU8(clean, true);
}
