import { expect, test } from 'vitest';
import { lineOf } from './schema-words.ts';

test.each([
  [{ $ref: '#/components/schemas/Instance' }, 'Instance'],
  [{ type: 'array', items: { $ref: '#/components/schemas/Host' } }, 'Host[]'],
  [{ enum: ['ipv4', 'ipv6'] }, '"ipv4" | "ipv6"'],
  [{ const: 'new' }, '"new"'],
  [{ anyOf: [{ type: 'string' }, { type: 'null' }] }, 'string | null'],
  [{ type: 'integer', minimum: 1, maximum: Number.MAX_SAFE_INTEGER }, 'integer · minimum 1'],
  [{ type: 'string', format: 'date-time', pattern: '^(?:x)$' }, 'string · format date-time'],
  [{}, 'any'],
])('%j reads %s', (schema, words) => {
  expect(lineOf(schema)).toBe(words);
});
