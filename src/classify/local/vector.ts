/** Arithmetic on parts of flat arrays, written so that the inner loops stay tight. */

export function dot(weights: Float32Array, from: number, inputs: Float32Array): number {
  let sum = 0
  for (let at = 0; at < inputs.length; at++) sum += (weights[from + at] ?? 0) * (inputs[at] ?? 0)
  return sum
}

/** The same over a part of the inputs only. */
export function partialDot(
  weights: Float32Array,
  row: number,
  inputs: Float32Array,
  [from, to]: readonly [from: number, to: number],
): number {
  let sum = 0
  for (let at = from; at < to; at++) sum += (weights[row + at] ?? 0) * (inputs[at] ?? 0)
  return sum
}

export function addScaled(
  into: Float32Array,
  from: number,
  values: Float32Array,
  weight: number,
): void {
  for (let at = 0; at < values.length; at++) {
    into[from + at] = (into[from + at] ?? 0) + weight * (values[at] ?? 0)
  }
}

export function scaleBy(values: Float32Array, from: number, count: number, factor: number): void {
  for (let at = from; at < from + count; at++) values[at] = (values[at] ?? 0) * factor
}

export function softmax([a, b, c]: readonly [number, number, number]): [number, number, number] {
  const most = Math.max(a, b, c)
  const [x, y, z] = [Math.exp(a - most), Math.exp(b - most), Math.exp(c - most)]
  const total = x + y + z
  return [x / total, y / total, z / total]
}
