/** A JSON Schema as the document has it. */
export type JsonSchema = Record<string, unknown>;

const place = '#/components/schemas/';

/** The name behind a reference; null for a schema that stands there itself. */
export function nameOf(schema: JsonSchema): string | null {
  const { $ref } = schema;
  return typeof $ref === 'string' && $ref.startsWith(place) ? $ref.slice(place.length) : null;
}

export function isSchema(value: unknown): value is JsonSchema {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Schemas of which one is meant, or all. */
export function choicesOf(schema: JsonSchema): JsonSchema[] {
  const { anyOf, oneOf, allOf } = schema;
  return [anyOf, oneOf, allOf].flatMap((list) => (Array.isArray(list) ? list.filter(isSchema) : []));
}

const limits = [
  ...['format', 'pattern', 'minimum', 'maximum', 'minLength', 'maxLength', 'minItems', 'maxItems', 'default'],
] as const;
// what zod writes for a whole number without limits says nothing to a reader
const unlimited = new Set([Number.MAX_SAFE_INTEGER, -Number.MAX_SAFE_INTEGER]);

/** `string · format date-time`, `"a" | "b"`: a schema in one line, in the words of JSON Schema. */
export function lineOf(schema: JsonSchema): string {
  const name = nameOf(schema);
  if (name) return name;
  if ('const' in schema) return JSON.stringify(schema.const);
  if (Array.isArray(schema.enum)) return schema.enum.map((value) => JSON.stringify(value)).join(' | ');
  const choices = choicesOf(schema);
  if (choices.length > 0) return choices.map(lineOf).join(' | ');
  const { type, items } = schema;
  if (type === 'array') return isSchema(items) ? `${lineOf(items)}[]` : 'array';
  const told = limits
    // a pattern beside a format says the same again, at length
    .filter((key) => schema[key] !== undefined && !(key === 'pattern' && schema.format !== undefined))
    .filter((key) => !unlimited.has(Number(schema[key])))
    .map((key) => `${key} ${schema[key]}`);
  return [String(type ?? 'any'), ...told].join(' · ');
}
