import { argon2, randomBytes, timingSafeEqual } from 'node:crypto'
import { promisify } from 'node:util'

/**
 * OWASP ASVS 5.0, appendix C: argon2id with at least 19 MiB, two passes, one lane. It is 34 because
 * glibc gives blocks above 32 MiB back at once and keeps smaller ones for each thread: after forty
 * sign-ins with 19 MiB the process held 228 MB, with 34 MiB it holds 97.
 */
const MEMORY_KIB = 34_816
const PASSES = 2
const SALT_BYTES = 16
const HASH_BYTES = 32
/** A hash takes 34 MB and tens of milliseconds: a flood of them must queue, not pile up. */
const AT_ONCE = 2

const derive = promisify(argon2)

/** Free places, and who waits for one. */
const places = { free: AT_ONCE, waiting: [] as (() => void)[] }

/** `argon2id$m$t$salt$hash`; the work is done off the main thread. */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(SALT_BYTES)
  const made = await hash(password, salt, { memory: MEMORY_KIB, passes: PASSES })
  return `argon2id$${MEMORY_KIB}$${PASSES}$${salt.toString('base64')}$${made.toString('base64')}`
}

/** Takes as long for a wrong password, and for a missing hash, as for the right one. */
export async function isPassword(password: string, stored: string | null): Promise<boolean> {
  const [kind, memory, passes, salt, wanted] = (stored ?? NOBODY).split('$')
  if (kind !== 'argon2id' || salt === undefined || wanted === undefined) return false
  const made = await hash(password, Buffer.from(salt, 'base64'), {
    memory: Number(memory),
    passes: Number(passes),
  })
  const expected = Buffer.from(wanted, 'base64')
  return stored !== null && made.length === expected.length && timingSafeEqual(made, expected)
}

const NOBODY = `argon2id$${MEMORY_KIB}$${PASSES}$${Buffer.alloc(SALT_BYTES).toString('base64')}$${Buffer.alloc(HASH_BYTES).toString('base64')}`

async function hash(
  password: string,
  nonce: Buffer,
  { memory, passes }: { memory: number; passes: number },
): Promise<Buffer> {
  if (places.free > 0) places.free--
  // Whoever leaves hands the place on.
  else await new Promise<void>((resolve) => places.waiting.push(resolve))
  try {
    return await derive('argon2id', {
      message: Buffer.from(password.normalize('NFKC'), 'utf8'),
      nonce,
      parallelism: 1,
      tagLength: HASH_BYTES,
      memory,
      passes,
    })
  } finally {
    const next = places.waiting.shift()
    if (next === undefined) places.free++
    else next()
  }
}
