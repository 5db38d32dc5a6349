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
export const timeSchema = z.iso
  .datetime({ offset: true })
  .transform((time) => (inUtc.test(time) ? time : new Date(time).toISOString()));

/** As toISOString has it, which most times already are: a list of 1,000 instances holds thousands of them. */
const inUtc = /\.\d{3}Z$/;

/** RFC 3339 in UTC, as the server writes it. */
export const utcTimeSchema = z.iso.datetime();

/**
 * Names of instances and networks: letters, digits, `-` and `_`, beginning and ending with a letter or a digit, no two
 * marks in a row (A.7, the provider's NameValidator).
 */
export const nameSchema = (most: number) =>
  z
    .string()
    .min(4)
    .max(most)
    .regex(/^[a-zA-Z0-9]([a-zA-Z0-9]|[-_](?![-_]))*[a-zA-Z0-9]$/, 'letters, digits, single - and _ only');

/** The provider's DescriptionValidator: at most 100 of these characters (A.7). */
export const descriptionSchema = z
  .string()
  .max(100)
  .regex(/^[a-zA-Z0-9ㄱ-ㅎ가-힣 .,!?()[\]{}:;"'@#%&*+=_/\\|<>~-]*$/, 'holds a character that is not allowed');

/** The provider refuses UUIDs of version 6 and above (reference/kakaocloud.md C.3). */
export const uuidSchema = z.uuidv4();
