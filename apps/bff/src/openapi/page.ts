import { apiHeader } from '@moru/types';
import type { Express } from 'express';
import type { Route } from '../http/route.ts';
import { type ApiDocument, keyOf, openApiDocument, templateOf } from './document.ts';
import { summaries } from './summaries.ts';

const marks: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
const escaped = (text: string) => text.replaceAll(/[&<>"]/g, (mark) => marks[mark] ?? mark);

const style = `
:root { color-scheme: light dark; font: 15px/1.55 system-ui, "Noto Sans KR", sans-serif; }
body { max-width: 76rem; margin: 0 auto; padding: 2.5rem 1.25rem 5rem; }
h1 { font-size: 1.6rem; margin: 0 0 .5rem; }
h2 { font-size: 1.1rem; margin: 2.5rem 0 .5rem; }
p { margin: .25rem 0 .75rem; max-width: 60rem; }
table { border-collapse: collapse; width: 100%; }
td { border-top: 1px solid color-mix(in srgb, CanvasText 16%, transparent); padding: .5rem .75rem .5rem 0; vertical-align: top; }
td:first-child { width: 4.5rem; font-weight: 700; text-transform: uppercase; font-size: .8rem; padding-top: .6rem; }
code { font: .9em ui-monospace, "Noto Sans Mono", monospace; overflow-wrap: anywhere; }
small { color: color-mix(in srgb, CanvasText 65%, transparent); }
@media (max-width: 640px) { td { display: block; border: 0; padding: 0; } tr { display: block; padding: .75rem 0; border-top: 1px solid color-mix(in srgb, CanvasText 16%, transparent); } td:first-child { width: auto; padding: 0; } }
`;

/**
 * `/api/openapi.json` for programs and `/api-reference` for whoever reads, open to anybody. Made when they are first
 * asked for: most starts serve neither.
 */
export function mountApiReference(
  app: Express,
  routes: readonly Route[],
  info: { version: string; server: string },
): void {
  let document: ApiDocument | null = null;
  let content: string | null = null;
  const read = () => {
    document ??= openApiDocument(routes, info);
    return document;
  };
  app.get('/api/openapi.json', (_request, response) => {
    response.json(read());
  });
  app.get('/api-reference', (_request, response) => {
    content ??= sectionsOf(read(), routes);
    response.type('html').send(page(content, String(response.locals.cspNonce)));
  });
}

/** By subject, each route with who may ask it. */
function sectionsOf({ paths }: ApiDocument, routes: readonly Route[]): string {
  const subjects = new Map<string, Route[]>();
  for (const route of routes) {
    const subject = route.path.split('/')[2]?.replace(/\..*$/, '') ?? '';
    subjects.set(subject, [...(subjects.get(subject) ?? []), route]);
  }
  const row = (route: Route) => {
    const path = templateOf(route.path);
    const words = [summaries[keyOf(route)] ?? '', paths[path]?.[route.method]?.description ?? ''].map(
      escaped,
    );
    return `<tr><td>${route.method}</td><td><code>${escaped(path)}</code><br>${words[0]}<br><small>${words[1]}</small></td></tr>`;
  };
  return [...subjects]
    .map(
      ([subject, own]) =>
        `<h2>${escaped(subject)}</h2><table><tbody>${own.map(row).join('')}</tbody></table>`,
    )
    .join('');
}

const page = (content: string, nonce: string) => `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Moru API</title>
<meta name="viewport" content="width=device-width, initial-scale=1"><style nonce="${escaped(nonce)}">${style}</style></head>
<body><h1>Moru API</h1>
<p>The schemas of requests and answers are in <a href="/api/openapi.json"><code>/api/openapi.json</code></a> (OpenAPI
3.1). Every request carries the header <code>${apiHeader.name}: ${apiHeader.value}</code>; every failure is a problem
document whose <code>code</code> is stable.</p>${content}</body></html>`;
