import { z } from 'zod';

/** A field that the cloud may leave out or set to null: always present after parsing, as null. */
export const orNull = <T extends z.ZodType>(schema: T) => z.nullable(schema).default(null);

/** A list that the cloud may leave out or set to null: always an array after parsing. */
export const orEmpty = <T extends z.ZodType>(schema: T) =>
  z
    .nullable(z.array(schema))
    .default(null)
    .transform((list) => list ?? []);

/** RFC 3339 with any zone, read as UTC with `Z`. */
export const timeSchema = z.iso.datetime({ offset: true }).transform((time) => new Date(time).toISOString());

/** RFC 3339 in UTC, as the server writes it. */
export const utcTimeSchema = z.iso.datetime();

/** The provider refuses UUIDs of version 6 and above (reference/kakaocloud.md C.3). */
export const uuidSchema = z.uuidv4();
