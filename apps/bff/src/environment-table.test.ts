import { expect, test } from 'vitest';
import { environmentSchema } from './environment.ts';
import { environmentTable } from './environment-table.ts';

test('every variable says what it is', () => {
  const silent = Object.entries(environmentSchema.shape).filter(([, schema]) => !schema.description);
  expect(silent.map(([name]) => name)).toEqual([]);
});

test('docs/configuration.md is what the schema says', async () => {
  await expect(environmentTable()).toMatchFileSnapshot('../../../docs/configuration.md');
});
