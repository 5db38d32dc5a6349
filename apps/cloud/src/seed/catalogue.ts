import { randomUUID } from 'node:crypto';
import {
  flavorFacts,
  flavorInCatalogue,
  flavorInside,
  imageFacts,
  imageInCatalogue,
  imageInside,
} from '../catalogue/facts.ts';
import type { Store } from '../store/store.ts';

/** Writes flavors and images as this version knows them; one that was there keeps its id and its age. */
export function seedCatalogue(store: Store, at: string): void {
  for (const facts of flavorFacts) {
    const { id, created_at } = known(store, 'flavors', facts.name, at);
    store.run(
      `INSERT INTO flavors (id, name, detail, catalogue, created_at) VALUES (?, ?, ?, ?, ?)
       ON CONFLICT (id) DO UPDATE SET detail = excluded.detail, catalogue = excluded.catalogue,
         created_at = excluded.created_at`,
      id,
      facts.name,
      JSON.stringify(flavorInside(id, facts)),
      JSON.stringify(flavorInCatalogue(id, facts, created_at)),
      created_at,
    );
  }
  for (const facts of imageFacts) {
    const { id, created_at } = known(store, 'images', facts.name, at);
    store.run(
      `INSERT INTO images (id, name, backend, detail, catalogue, created_at) VALUES (?, ?, ?, ?, ?, ?)
       ON CONFLICT (id) DO UPDATE SET backend = excluded.backend, detail = excluded.detail,
         catalogue = excluded.catalogue, created_at = excluded.created_at`,
      id,
      facts.name,
      facts.backend,
      JSON.stringify(imageInside(id, facts, created_at)),
      JSON.stringify(imageInCatalogue(id, facts, created_at)),
      created_at,
    );
  }
}

function known(store: Store, table: 'flavors' | 'images', name: string, at: string) {
  const row = store.get<{ id: string; created_at: string }>(
    `SELECT id, created_at FROM ${table} WHERE name = ?`,
    name,
  );
  // The first schema had no age.
  return row === undefined
    ? { id: randomUUID(), created_at: at }
    : { ...row, created_at: row.created_at || at };
}

/** The id of a flavor or an image that the plan names. */
export function idByName(store: Store, table: 'flavors' | 'images', name: string): string {
  const row = store.get<{ id: string }>(`SELECT id FROM ${table} WHERE name = ?`, name);
  if (row === undefined) throw new Error(`the catalogue has no ${name}`);
  return row.id;
}
