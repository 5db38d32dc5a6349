const maxCounter = 0xffff_ffff_ffff_ffffn;

/** A packet or byte counter of up to 64 bits, or null when the text is not a decimal number of that size. */
export function readCounter(text: string): bigint | null {
  if (text === '0') return 0n;
  if (text.length === 0 || text.length > 20) return null;
  for (let i = 0; i < text.length; i++) {
    const c = text.charCodeAt(i);
    if (c < 48 || c > 57) return null;
  }
  const value = BigInt(text);
  return value <= maxCounter ? value : null;
}
