// The arithmetic of the local classifier, in AssemblyScript: four numbers at a time, which JavaScript
// cannot do. Every argument is an address in the shared memory or a count; sizes are counts of
// 32-bit numbers and multiples of four. `scripts/build-kernel.ts` makes assets/tier-kernel.wasm of it.

// @ts-ignore: decorator
@inline
function sum4(v: v128): f32 {
  return (
    f32x4.extract_lane(v, 0) + f32x4.extract_lane(v, 1) + (f32x4.extract_lane(v, 2) + f32x4.extract_lane(v, 3))
  )
}

// @ts-ignore: decorator
@inline
function dot(a: usize, b: usize, bytes: usize): f32 {
  let low = f32x4.splat(0)
  let high = f32x4.splat(0)
  let at: usize = 0
  for (; at + 16 < bytes; at += 32) {
    low = f32x4.add(low, f32x4.mul(v128.load(a + at), v128.load(b + at)))
    high = f32x4.add(high, f32x4.mul(v128.load(a + at, 16), v128.load(b + at, 16)))
  }
  if (at < bytes) low = f32x4.add(low, f32x4.mul(v128.load(a + at), v128.load(b + at)))
  return sum4(f32x4.add(low, high))
}

// @ts-ignore: decorator
@inline
function addScaled(into: usize, values: usize, bytes: usize, weight: f32): void {
  const factor = f32x4.splat(weight)
  for (let at: usize = 0; at < bytes; at += 16) {
    v128.store(into + at, f32x4.add(v128.load(into + at), f32x4.mul(factor, v128.load(values + at))))
  }
}

/** into += weight * values, `size` numbers. */
export function add(into: usize, values: usize, size: usize, weight: f32): void {
  addScaled(into, values, size << 2, weight)
}

/** out = matrix · x + bias, `rows` numbers. */
export function affine(matrix: usize, rows: usize, size: usize, x: usize, bias: usize, out: usize): void {
  const bytes = size << 2
  for (let row: usize = 0; row < rows; row++) {
    store<f32>(out + (row << 2), load<f32>(bias + (row << 2)) + dot(matrix + row * bytes, x, bytes))
  }
}

export function rectify(values: usize, size: usize): void {
  for (let at: usize = 0; at < size << 2; at += 16) {
    v128.store(values + at, f32x4.max(v128.load(values + at), f32x4.splat(0)))
  }
}

export function squash(values: usize, size: usize): void {
  for (let at: usize = 0; at < size << 2; at += 4) store<f32>(values + at, Mathf.tanh(load<f32>(values + at)))
}

// Four small integers of one row, as numbers.
// @ts-ignore: decorator
@inline
function four(row: usize, at: usize): v128 {
  return f32x4.convert_i32x4_s(i32x4.extend_low_i16x8_s(i16x8.extend_low_i8x16_s(v128.load32_zero(row + at))))
}

/**
 * Writes `count` phrases of `width` numbers to `out`: what a piece says, and what its neighbours add.
 * Three rows of `table` belong to each piece: for the phrase after it, its own, the phrase before it.
 */
export function phrases(
  pieces: usize, count: usize, table: usize, scale: usize, bias: usize, width: usize, out: usize,
): void {
  for (let index: usize = 0; index < count; index++) {
    // The first and the last piece have padding for a neighbour: piece 0, whose rows are zeroes.
    const before: usize = index > 0 ? <usize>load<u16>(pieces + ((index - 1) << 1)) * 3 : 0
    const here: usize = <usize>load<u16>(pieces + (index << 1)) * 3 + 1
    const after: usize = index + 1 < count ? <usize>load<u16>(pieces + ((index + 1) << 1)) * 3 + 2 : 2
    const ofBefore = f32x4.splat(load<f32>(scale + (before << 2)))
    const own = f32x4.splat(load<f32>(scale + (here << 2)))
    const ofAfter = f32x4.splat(load<f32>(scale + (after << 2)))
    const phrase = out + ((index * width) << 2)
    for (let at: usize = 0; at < width; at += 4) {
      let sum = v128.load(bias + (at << 2))
      sum = f32x4.add(sum, f32x4.mul(ofBefore, four(table + before * width, at)))
      sum = f32x4.add(sum, f32x4.mul(own, four(table + here * width, at)))
      sum = f32x4.add(sum, f32x4.mul(ofAfter, four(table + after * width, at)))
      v128.store(phrase + (at << 2), f32x4.max(sum, f32x4.splat(0)))
    }
  }
}

/**
 * Writes to `sums` what stands around each of `count` phrases: the five from two before it to two after
 * it, weighed number by number by the rows of `reach`.
 */
export function surround(phrases: usize, count: usize, width: usize, reach: usize, sums: usize): void {
  const bytes = width << 2
  for (let index: usize = 0; index < count; index++) {
    const first: usize = index < 2 ? 0 : index - 2
    const last: usize = index + 2 < count ? index + 2 : count - 1
    for (let at: usize = 0; at < bytes; at += 16) {
      let value = f32x4.splat(0)
      for (let near = first; near <= last; near++) {
        const weight = v128.load(reach + (near + 2 - index) * bytes + at)
        value = f32x4.add(value, f32x4.mul(weight, v128.load(phrases + near * bytes + at)))
      }
      v128.store(sums + index * bytes + at, value)
    }
  }
}

/**
 * Adds to each of `count` phrases what `matrix` makes of its sum, and `bias`; nothing stays below zero.
 * `matrix` has a row for each number of a sum, `width` is a multiple of eight. Four phrases and eight of their
 * numbers are done at a time, so that what is loaded is used often: up to three phrases behind the last one
 * are written too, and mean nothing.
 */
export function respond(
  phrases: usize, count: usize, width: usize, sums: usize, matrix: usize, bias: usize,
): void {
  const bytes = width << 2
  for (let index: usize = 0; index < count; index += 4) {
    const sum = sums + index * bytes
    const phrase = phrases + index * bytes
    for (let at: usize = 0; at < bytes; at += 32) {
      let a0 = v128.load(bias + at)
      let b0 = v128.load(bias + at, 16)
      let a1 = a0, a2 = a0, a3 = a0
      let b1 = b0, b2 = b0, b3 = b0
      for (let row: usize = 0; row < width; row++) {
        const a = v128.load(matrix + row * bytes + at)
        const b = v128.load(matrix + row * bytes + at, 16)
        const from = sum + (row << 2)
        const s0 = v128.load32_splat(from)
        a0 = f32x4.add(a0, f32x4.mul(a, s0))
        b0 = f32x4.add(b0, f32x4.mul(b, s0))
        const s1 = v128.load32_splat(from + bytes)
        a1 = f32x4.add(a1, f32x4.mul(a, s1))
        b1 = f32x4.add(b1, f32x4.mul(b, s1))
        const s2 = v128.load32_splat(from + 2 * bytes)
        a2 = f32x4.add(a2, f32x4.mul(a, s2))
        b2 = f32x4.add(b2, f32x4.mul(b, s2))
        const s3 = v128.load32_splat(from + 3 * bytes)
        a3 = f32x4.add(a3, f32x4.mul(a, s3))
        b3 = f32x4.add(b3, f32x4.mul(b, s3))
      }
      raise(phrase + at, a0, b0)
      raise(phrase + bytes + at, a1, b1)
      raise(phrase + 2 * bytes + at, a2, b2)
      raise(phrase + 3 * bytes + at, a3, b3)
    }
  }
}

// @ts-ignore: decorator
@inline
function raise(values: usize, a: v128, b: v128): void {
  v128.store(values, f32x4.max(f32x4.add(v128.load(values), a), f32x4.splat(0)))
  v128.store(values, f32x4.max(f32x4.add(v128.load(values, 16), b), f32x4.splat(0)), 16)
}

/**
 * Adds the mean of the phrases to `out`, each weighed by how well it fits `query` and, unless `places`
 * is 0, by where it stands: `places` has a byte per phrase that says which of `placeWeight` counts.
 */
export function attend(
  query: usize, phrases: usize, count: usize, width: usize, places: usize, placeWeight: usize, out: usize,
): void {
  const bytes = width << 2
  let total: f32 = 0
  for (let index: usize = 0; index < count; index++) {
    const phrase = phrases + index * bytes
    let weight = Mathf.exp(dot(query, phrase, bytes))
    if (places != 0) weight *= load<f32>(placeWeight + ((<usize>load<u8>(places + index)) << 2))
    total += weight
    addScaled(out, phrase, bytes, weight)
  }
  if (total <= 0) return
  const factor = f32x4.splat(1 / total)
  for (let at: usize = 0; at < bytes; at += 16) v128.store(out + at, f32x4.mul(factor, v128.load(out + at)))
}

/** `most` = the most that a phrase has of each of `width` things, `much` = their sums. */
export function extremes(phrases: usize, count: usize, width: usize, most: usize, much: usize): void {
  const bytes = width << 2
  for (let at: usize = 0; at < bytes; at += 16) {
    let largest = f32x4.splat(0)
    let sum = f32x4.splat(0)
    for (let index: usize = 0; index < count; index++) {
      const value = v128.load(phrases + index * bytes + at)
      largest = f32x4.max(largest, value)
      sum = f32x4.add(sum, value)
    }
    v128.store(most + at, largest)
    v128.store(much + at, sum)
  }
}
