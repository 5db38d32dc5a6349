/** In this order: each later one also claims to be an earlier one. Whale is Naver's. */
const browsers: [RegExp, string][] = [
  [/Edg(?:A|iOS)?\/(\d+)/, 'Edge'],
  [/OPR\/(\d+)/, 'Opera'],
  [/Whale\/(\d+)/, 'Whale'],
  [/SamsungBrowser\/(\d+)/, 'Samsung Internet'],
  [/(?:Firefox|FxiOS)\/(\d+)/, 'Firefox'],
  [/(?:Chrome|CriOS)\/(\d+)/, 'Chrome'],
  [/Version\/(\d+).* Safari\//, 'Safari'],
  [/^curl\/(\d+)/, 'curl'],
];

const systems: [RegExp, string][] = [
  [/Windows NT/, 'Windows'],
  [/iPhone/, 'iPhone'],
  [/iPad/, 'iPad'],
  [/Android/, 'Android'],
  [/CrOS/, 'ChromeOS'],
  [/Mac OS X|Macintosh/, 'macOS'],
  [/Linux/, 'Linux'],
];

/** longer ones are no browser's, and cost time to search */
const longestAgent = 500;

/**
 * `Chrome 140 · Linux`: what a person recognises their own device by, out of words of our own, so that nothing that a
 * client made up is shown. Null where nothing is recognised.
 */
export function deviceOf(userAgent: string | undefined): string | null {
  const text = (userAgent ?? '').slice(0, longestAgent);
  const browser = browsers
    .map(([pattern, name]) => [name, pattern.exec(text)?.[1]])
    .find(([, version]) => version !== undefined);
  const system = systems.find(([pattern]) => pattern.test(text))?.[1];
  const parts = [browser?.join(' '), system].filter((part) => part !== undefined);
  return parts.length > 0 ? parts.join(' · ') : null;
}
