import { readFileSync } from 'node:fs';

// What a browser fetches for the first screen: the files that the built page names, and its language.
const dist = 'apps/console/dist';
const page = readFileSync(`${dist}/index.html`, 'utf8');
const scripts = [...page.matchAll(/src="\/(assets\/[^"]+\.js)"/g)].map(([, path]) => `${dist}/${path}`);

export default [
  {
    name: 'instance list, JavaScript',
    path: [...scripts, `${dist}/assets/ko-*.js`],
    gzip: true,
    limit: '215 kB',
  },
  { name: 'instance list, CSS', path: `${dist}/assets/*.css`, gzip: true, limit: '15 kB' },
];
