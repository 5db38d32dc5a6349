/** Says what is wrong with a value, or null when nothing is. */
type Check = (value: unknown) => string | null;

/** An object's fields: these and no others. */
export interface Fields {
  [field: string]: Shape;
}

export type Shape = Check | Fields;

const kind = (what: string, fits: (value: unknown) => boolean): Check => {
  return (value) => (fits(value) ? null : `is ${JSON.stringify(value)}, not ${what}`);
};
const matching = (what: string, pattern: RegExp) =>
  kind(what, (value) => typeof value === 'string' && pattern.test(value));

export const text = kind('a text', (value) => typeof value === 'string');
export const count = kind('a whole number', Number.isInteger);
export const flag = kind('true or false', (value) => typeof value === 'boolean');
/** Versions 1 to 5 only: the provider refuses later ones (reference/kakaocloud.md C.3). */
export const uuid = matching(
  'a UUID',
  /^[0-9a-f]{8}-[0-9a-f]{4}-[1-5][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
);
export const ipv4 = matching('an IPv4 address', /^\d{1,3}(\.\d{1,3}){3}$/);
export const cidr = matching('an IPv4 block', /^\d{1,3}(\.\d{1,3}){3}\/\d{1,2}$/);
export const mac = matching('a MAC address', /^[0-9a-f]{2}(:[0-9a-f]{2}){5}$/);
/** RFC 3339 in UTC. */
export const time = matching('a time in UTC', /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/);
export const url = matching('an address', /^https?:\/\/[^/]+$/);

export const exactly = (...values: unknown[]) =>
  kind(`one of ${JSON.stringify(values)}`, (value) =>
    values.some((known) => JSON.stringify(known) === JSON.stringify(value)),
  );

export function nullable(shape: Shape): Check {
  return (value) => (value === null ? null : (differences(value, shape)[0] ?? null));
}

/** Of any length; say how long where that is a fact. */
export function listOf(shape: Shape, length?: number): Check {
  return (value) => {
    if (!Array.isArray(value)) return 'is not a list';
    if (length !== undefined && value.length !== length) return `has ${value.length} elements, not ${length}`;
    return value.flatMap((item, index) => differences(item, shape, `[${index}]`))[0] ?? null;
  };
}

/** Every way in which the value is not of the shape, a line for each. */
export function differences(value: unknown, shape: Shape, path = ''): string[] {
  if (typeof shape === 'function') {
    const wrong = shape(value);
    return wrong === null ? [] : [`${path} ${wrong}`.trim()];
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return [`${path} is not an object`];
  const known = Object.entries(shape).flatMap(([field, inner]) =>
    field in value
      ? differences((value as Record<string, unknown>)[field], inner, `${path}.${field}`)
      : [`${path}.${field} is missing`],
  );
  const more = Object.keys(value).filter((field) => !Object.hasOwn(shape, field));
  return [...known, ...more.map((field) => `${path}.${field} is unknown`)];
}
