import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Ports that the host's SSH server is told to listen on (sshd_config(5)); 22 where nothing is said. */
export async function sshdPorts(folder = '/etc/ssh'): Promise<number[]> {
  const more = join(folder, 'sshd_config.d');
  const names = await readdir(more).catch(() => []);
  const files = [
    join(folder, 'sshd_config'),
    ...names.filter((name) => name.endsWith('.conf')).map((name) => join(more, name)),
  ];
  const texts = await Promise.all(files.map((file) => readFile(file, 'utf8').catch(() => '')));
  const ports = texts.flatMap((text) =>
    [...text.matchAll(/^\s*Port\s+(\d{1,5})\s*$/gim)].map((line) => Number(line[1])),
  );
  const usable = ports.filter((port) => port > 0 && port < 65_536);
  return usable.length > 0 ? [...new Set(usable)] : [22];
}
