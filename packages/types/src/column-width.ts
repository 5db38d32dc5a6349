// apart from the schemas: a list does not bring them to the browser for two numbers

/** Pixels that a column of a list may have: at the least a short word, at the most a screen. */
export const columnWidth = { min: 64, max: 800 } as const;
