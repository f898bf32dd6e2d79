/** Three numbers as probabilities. */
export function softmax([a, b, c]: readonly [number, number, number]): [number, number, number] {
  const most = Math.max(a, b, c)
  const [x, y, z] = [Math.exp(a - most), Math.exp(b - most), Math.exp(c - most)]
  const total = x + y + z
  return [x / total, y / total, z / total]
}
