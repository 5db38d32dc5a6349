import { getFile } from './client.ts';

/** Reads a file of the BFF and hands it to the browser to keep: a plain link could not carry the required header. */
export async function saveFile(path: string, params: object, name: string): Promise<void> {
  const file = await getFile(path, params);
  const url = URL.createObjectURL(file);
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  // the browser has taken hold of it by the next turn
  setTimeout(() => URL.revokeObjectURL(url));
}
