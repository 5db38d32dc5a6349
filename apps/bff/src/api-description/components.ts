import * as contract from '@moru/types';
import { z } from 'zod';

/** A JSON Schema (draft 2020-12), as OpenAPI 3.1 has it. */
export type JsonSchema = Record<string, unknown>;

/** The contract's schemas by the names that they are exported under: `instanceSchema` is `Instance`. */
const named = z.registry<{ id: string }>();
for (const [name, value] of Object.entries(contract)) {
  if (!(value instanceof z.ZodType) || !name.endsWith('Schema') || named.has(value)) continue;
  named.add(value, { id: name.charAt(0).toUpperCase() + name.slice(1, -'Schema'.length) });
}

const place = '#/components/schemas/';

/** Collects what several answers share, so that each stands there once. */
export class Components {
  readonly schemas: Record<string, JsonSchema> = {};

  /** `input`: as it is sent, where what has a default may be left out; `output`: as it is answered. */
  describe(schema: z.ZodType, io: 'input' | 'output'): JsonSchema {
    // within an object, a schema that has a name becomes a reference even where it is the whole
    return this.#convert(z.object({ it: schema }), io).properties?.it ?? {};
  }

  /** The fields of an object that is sent, each by itself. */
  fieldsOf(schema: z.ZodType): { name: string; required: boolean; schema: JsonSchema }[] {
    // without its name, by which the whole would become a reference
    const nameless = schema instanceof z.ZodObject ? z.object(schema.shape) : schema;
    const { properties = {}, required = [] } = this.#convert(nameless, 'input');
    return Object.entries(properties).map(([name, field]) => ({
      name,
      required: required.includes(name),
      schema: field,
    }));
  }

  #convert(schema: z.ZodType, io: 'input' | 'output') {
    const suffix = io === 'input' ? 'Input' : '';
    const whole = z.toJSONSchema(schema, { metadata: named, io, unrepresentable: 'any' });
    const text = JSON.stringify(whole).replaceAll(
      /"#\/\$defs\/([^"]+)"/g,
      (_reference, id: string) => `"${place}${id}${suffix}"`,
    );
    const { $defs = {}, ...rest } = JSON.parse(text) as ObjectSchema;
    for (const [id, { id: _name, ...definition }] of Object.entries($defs)) {
      this.schemas[id + suffix] = definition;
    }
    return rest;
  }
}

interface ObjectSchema {
  $defs?: Record<string, JsonSchema>;
  properties?: Record<string, JsonSchema>;
  required?: string[];
}
