import type { ko } from './ko.ts';

type Words<T> = { [K in keyof T]: T[K] extends string ? string : Words<T[K]> };

/** The keys of the default language; every other language has exactly these. */
export type Messages = Words<typeof ko>;
