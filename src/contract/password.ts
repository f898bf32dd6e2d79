/** Here alone, without a schema beside it: the panel loads it and must not load zod. */
export const PASSWORD_CHARS_MIN = 12
