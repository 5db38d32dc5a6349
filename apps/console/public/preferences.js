// Runs before the first paint, so that neither the theme nor the language flashes.
// The keys and values are those of src/shell/preferences.ts.
(() => {
  const read = (key) => {
    try {
      return localStorage.getItem(key);
    } catch {
      return null;
    }
  };
  const root = document.documentElement;
  const dark = matchMedia('(prefers-color-scheme: dark)').matches;
  const theme = read('moru.theme');
  root.dataset.theme = theme === 'dark' || theme === 'light' ? theme : dark ? 'dark' : 'light';
  root.lang = read('moru.language') === 'en' ? 'en' : 'ko';
})();
