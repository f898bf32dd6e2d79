import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { buildKernel, KERNEL } from '../../../scripts/build-kernel.ts'
import { Kernel } from './kernel.ts'

const kernel = new Kernel(1_000_000)
const WIDTH = 8

describe('the compiled arithmetic', () => {
  it('is what its source compiles to', { timeout: 60_000 }, () => {
    expect(buildKernel().equals(readFileSync(KERNEL))).toBe(true)
  })

  it('multiplies a matrix like plain arithmetic does', () => {
    const number = fc.float({ min: -8, max: 8, noNaN: true })
    const matrix = kernel.floats(3 * WIDTH)
    const x = kernel.floats(WIDTH)
    const bias = kernel.floats(4)
    const out = kernel.floats(4)
    fc.assert(
      fc.property(
        fc.array(number, { minLength: 3 * WIDTH, maxLength: 3 * WIDTH }),
        fc.array(number, { minLength: WIDTH, maxLength: WIDTH }),
        (rows, values) => {
          matrix.values.set(rows)
          x.values.set(values)
          bias.values.set([1, 2, 3])
          kernel.run.affine(matrix.at, 3, WIDTH, x.at, bias.at, out.at)
          for (let row = 0; row < 3; row++) {
            const sum = values.reduce(
              (all, v, at) => all + v * (rows[row * WIDTH + at] ?? 0),
              row + 1,
            )
            expect(out.values[row]).toBeCloseTo(sum, 2)
          }
        },
      ),
    )
  })

  it('adds to a phrase what its neighbours say, and nothing from beyond the ends', () => {
    const room = 3 + 3
    const phrases = kernel.floats(room * WIDTH)
    const sums = kernel.floats(room * WIDTH)
    const reach = kernel.floats(5 * WIDTH)
    const matrix = kernel.floats(WIDTH * WIDTH)
    const bias = kernel.floats(WIDTH)
    // Only the first number of each phrase speaks, and what is made of it goes to the second.
    for (let at = 0; at < 3; at++) phrases.values[at * WIDTH] = 10 ** at
    for (let near = 0; near < 5; near++) reach.values[near * WIDTH] = near + 1
    matrix.values[1] = 1
    bias.values.set([0, 0.5, -1, 0, 0, 0, 0, 2])
    kernel.run.surround(phrases.at, 3, WIDTH, reach.at, sums.at)
    kernel.run.respond(phrases.at, 3, WIDTH, sums.at, matrix.at, bias.at)
    const rows = [0, 1, 2].map((row) => [
      ...phrases.values.subarray(row * WIDTH, (row + 1) * WIDTH),
    ])
    expect(rows).toEqual([
      [1, 3 + 40 + 500 + 0.5, 0, 0, 0, 0, 0, 2],
      [10, 2 + 30 + 400 + 0.5, 0, 0, 0, 0, 0, 2],
      [100, 1 + 20 + 300 + 0.5, 0, 0, 0, 0, 0, 2],
    ])
  })

  it('weighs phrases by how well they fit and where they stand', () => {
    const query = kernel.floats(WIDTH)
    const phrases = kernel.floats(2 * WIDTH)
    const places = kernel.bytes(2)
    const placeWeight = kernel.floats(4)
    const out = kernel.floats(WIDTH)
    query.values[0] = 1
    phrases.values[0] = Math.log(3)
    phrases.values[WIDTH + 1] = 1
    places.values.set([0, 1])
    placeWeight.values.set([1, 2])
    kernel.run.attend(query.at, phrases.at, 2, WIDTH, 0, 0, out.at)
    // exp(log 3) against exp(0): three quarters and one quarter.
    expect(out.values[0]).toBeCloseTo((3 / 4) * Math.log(3), 5)
    expect(out.values[1]).toBeCloseTo(1 / 4, 5)
    out.values.fill(0)
    kernel.run.attend(query.at, phrases.at, 2, WIDTH, places.at, placeWeight.at, out.at)
    expect(out.values[1]).toBeCloseTo(2 / 5, 5)
  })

  it('leaves the sum at nothing where there are no phrases', () => {
    const out = kernel.floats(WIDTH)
    kernel.run.attend(kernel.floats(WIDTH).at, kernel.floats(WIDTH).at, 0, WIDTH, 0, 0, out.at)
    expect([...out.values]).toEqual(Array.from({ length: WIDTH }, () => 0))
  })
})
