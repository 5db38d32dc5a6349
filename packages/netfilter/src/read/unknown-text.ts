/**
 * An address option in any spelling that the tool takes (`-s`, `--src`, shortened `--sou`), with a list of addresses
 * or a quoted word behind it. The tool makes one rule of each address.
 */
const addressList = /(?:^|[\s"])(?:-[sd]|--(?:so|sr|des|ds)[a-z]*)(?:=|\s+)?[^\s"]*[,"]/;
/** A quoted word, which may be such an option, before a list. */
const quotedOption = /"\s+[^\s"]*,/;
/** The tool prints its help, leaves with success and has loaded nothing. */
const help = /(?:^|[\s"])(?:-h|--he)/;

/**
 * Whether the tool may take a text of which we do not know every option for more or less than the one rule it stands
 * in. For such a text the answer may be yes without need: words that belong to the options of an extension look
 * alike, but none that the tool prints does.
 */
export function breaksRule(text: string): boolean {
  const bare = text.replaceAll(/"(?:[^"\\]|\\.)*"/g, '""');
  return addressList.test(bare) || quotedOption.test(bare) || help.test(bare);
}
