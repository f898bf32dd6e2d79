/** Round numbers from 0 to at least `most`, three to six of them. */
export function niceTicks(most: number): readonly number[] {
  if (most <= 0) return [0, 1]
  const rough = most / 4
  const power = 10 ** Math.floor(Math.log10(rough))
  const step = ([1, 2, 2.5, 5, 10].find((factor) => factor * power >= rough) ?? 10) * power
  const ticks: number[] = []
  for (let value = 0; value < most + step; value += step) ticks.push(Number(value.toPrecision(12)))
  return ticks
}

/** A few of many points, evenly, the first always among them. */
export function every<T>(
  items: readonly T[],
  count: number,
): readonly { item: T; index: number }[] {
  const step = Math.max(1, Math.ceil(items.length / count))
  return items.map((item, index) => ({ item, index })).filter(({ index }) => index % step === 0)
}
