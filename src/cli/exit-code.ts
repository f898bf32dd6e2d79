/** sysexits.h where it has a code: service managers know them. */
export const EXIT = { ok: 0, failure: 1, usage: 2, unavailable: 69, io: 74, config: 78 } as const
