/** Time as an argument: `now` is monotonic milliseconds, `wall` epoch milliseconds. */
export interface Clock {
  now(): number
  wall(): number
}

export const systemClock: Clock = {
  now: () => performance.now(),
  wall: () => Date.now(),
}
