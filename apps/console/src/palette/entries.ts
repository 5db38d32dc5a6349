/** One line of the palette. */
export interface PaletteEntry {
  id: string;
  /** under which heading it stands */
  group: 'pages' | 'instances' | 'actions';
  label: string;
  /** beside the label, quieter */
  detail?: string;
  /** further words by which it is found */
  words?: string;
  run: () => void;
}

const plain = (text: string) => text.normalize('NFC').toLowerCase();

/** Those that hold every typed word, in their order; all where nothing is typed. */
export function findEntries(entries: readonly PaletteEntry[], typed: string): PaletteEntry[] {
  const words = plain(typed).split(/\s+/).filter(Boolean);
  return entries.filter(({ label, detail = '', words: more = '' }) => {
    const text = plain(`${label} ${detail} ${more}`);
    return words.every((word) => text.includes(word));
  });
}
