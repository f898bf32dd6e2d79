import { hash, randomBytes } from 'node:crypto'
import type { TOTP } from 'otpauth'
import { PASSWORD_CHARS_MIN } from '../contract/password.ts'
import type { Vault } from '../kit/vault.ts'
import { hashPassword, isPassword } from '../kit/password.ts'
import type { AdminStore, AuditEntry, StoredSession } from '../storage/admin-store.ts'
import { isCommonPassword } from './common-passwords.ts'
import { Setup } from './setup.ts'
import { Throttle } from './throttle.ts'

const IDLE_MS = 12 * 3_600_000
const LIFE_MS = 7 * 86_400_000
const TOUCH_MS = 60_000
const RECOVERY_CODES = 10
const PASSWORD_BYTES_MAX = 1_024
const PURPOSE = 'totp secret'

/** Where a call came from, for sessions, throttling and the audit trail. */
export interface Caller {
  readonly address: string
  readonly userAgent: string
}

export type SignedIn =
  | { readonly kind: 'session'; readonly id: string }
  | { readonly kind: 'throttled'; readonly waitMs: number }
  | { readonly kind: 'wrong' }
  | { readonly kind: 'totp_required' }
  | { readonly kind: 'password_too_short' }
  | { readonly kind: 'password_too_common' }

interface Proof {
  readonly password: string
  /** Undefined: none is asked for. */
  readonly code: string | undefined
}

export type Confirmed =
  | { readonly kind: 'right' }
  | { readonly kind: 'wrong' }
  | { readonly kind: 'throttled'; readonly waitMs: number }

export type Session = StoredSession & { readonly expiresAt: number }

/** The administrator: password, second factor, sessions, and the trail of what was done. */
export class Accounts {
  readonly #store: AdminStore
  readonly #vault: () => Vault
  readonly #now: () => number
  readonly #throttle = new Throttle()
  /** Its token opens the first session while there is no password. */
  readonly setup: Setup

  constructor(store: AdminStore, vault: () => Vault, now: () => number) {
    this.#store = store
    this.#vault = vault
    this.#now = now
    this.setup = new Setup(() => performance.now())
    if (this.hasPassword) this.setup.close()
  }

  get hasPassword(): boolean {
    return this.#store.password !== null
  }

  get hasTotp(): boolean {
    return this.#store.totp?.isActive === true
  }

  /** Null once there is a password: then nobody needs a token. */
  get setupToken(): string | null {
    return this.hasPassword ? null : this.setup.token
  }

  /** The first password from the environment; one that is stored stays. */
  async adopt(password: string): Promise<SignedIn['kind'] | 'kept' | 'set'> {
    if (this.hasPassword) return 'kept'
    const refused = refusedPassword(password)
    if (refused !== null) return refused
    this.#store.password = await hashPassword(password)
    this.setup.close()
    return 'set'
  }

  async setUp(token: string, password: string | undefined, caller: Caller): Promise<SignedIn> {
    const refused = password === undefined ? null : refusedPassword(password)
    if (refused !== null) return { kind: refused }
    if (this.hasPassword) return { kind: 'wrong' }
    const answer = this.setup.exchange(token)
    if (answer.kind === 'throttled') return { kind: 'throttled', waitMs: 60_000 }
    if (answer.kind === 'wrong') return { kind: 'wrong' }
    if (password !== undefined) this.#store.password = await hashPassword(password)
    this.audit({ actor: 'setup', action: 'setup', target: '', detail: '', address: caller.address })
    return { kind: 'session', id: this.#open(caller) }
  }

  async signIn(password: string, code: string | undefined, caller: Caller): Promise<SignedIn> {
    const names = ['admin', `address ${caller.address}`]
    const waitMs = this.#throttle.begin(names, this.#now())
    if (waitMs > 0) return { kind: 'throttled', waitMs }
    const isRight = await isPassword(password, this.#store.password)
    if (isRight && this.hasTotp && code === undefined) {
      this.#throttle.release(names)
      return { kind: 'totp_required' }
    }
    if (!isRight || (this.hasTotp && !(await this.#isCode(code ?? '')))) {
      this.audit({ ...FAILED, address: caller.address })
      return { kind: 'wrong' }
    }
    this.#throttle.succeed(names)
    this.audit({
      actor: 'admin',
      action: 'sign_in',
      target: '',
      detail: '',
      address: caller.address,
    })
    return { kind: 'session', id: this.#open(caller) }
  }

  /**
   * The password again before what is dangerous, and the code where one is given; throttled like
   * a sign-in, because a session that was left open must not be a place to guess in.
   */
  async confirm({ password, code }: Proof, caller: Caller): Promise<Confirmed> {
    const names = ['admin', `address ${caller.address}`]
    const waitMs = this.#throttle.begin(names, this.#now())
    if (waitMs > 0) return { kind: 'throttled', waitMs }
    if (!(await isPassword(password, this.#store.password))) return { kind: 'wrong' }
    if (code !== undefined && !(await this.#isCode(code))) return { kind: 'wrong' }
    this.#throttle.release(names)
    return { kind: 'right' }
  }

  /** A code of the authenticator or a recovery code; each works once. */
  async #isCode(code: string): Promise<boolean> {
    if (/^\s*\d{6}\s*$/.test(code)) return this.#isTotp(code)
    return this.#store.useRecoveryCode(hash('sha256', plain(code)))
  }

  async changePassword(next: string, sessionId: string): Promise<SignedIn['kind'] | 'changed'> {
    const refused = refusedPassword(next)
    if (refused !== null) return refused
    this.#store.password = await hashPassword(next)
    this.#store.endSessions(hash('sha256', sessionId))
    return 'changed'
  }

  /** Null where there is no such session, or it has ended. */
  session(id: string): Session | null {
    const found = this.peek(id)
    const now = this.#now()
    if (found !== null && now - found.seenAt > TOUCH_MS) {
      unlessLocked(() => this.#store.touchSession(found.id, now))
    }
    return found
  }

  /** The same without counting as use: a page that only watches must not stay signed in by it. */
  peek(id: string): Session | null {
    const key = hash('sha256', id)
    const found = this.#store.findSession(key)
    if (found === null) return null
    const now = this.#now()
    const expiresAt = expiryOf(found)
    if (now >= expiresAt) {
      this.#store.endSession(key)
      return null
    }
    return { ...found, expiresAt }
  }

  sessions(): readonly Session[] {
    const now = this.#now()
    this.#store.dropSessionsBefore(now - LIFE_MS, now - IDLE_MS)
    return this.#store
      .listSessions()
      .map((session) => ({ ...session, expiresAt: expiryOf(session) }))
  }

  endSession(hashOfId: string): boolean {
    return this.#store.endSession(hashOfId)
  }

  /** The session that a browser brought along ends when it signs in anew. */
  leave(id: string): void {
    if (id !== '') this.#store.endSession(hash('sha256', id))
  }

  endOtherSessions(id: string): void {
    this.#store.endSessions(hash('sha256', id))
  }

  async beginTotp(): Promise<{ readonly secret: string; readonly uri: string }> {
    const { Secret } = await import('otpauth')
    const { base32 } = new Secret({ size: 20 })
    this.#store.setTotp(this.#vault().seal(base32, PURPOSE))
    return { secret: base32, uri: (await totpOf(base32)).toString() }
  }

  /** Recovery codes, shown this once; null where the code is wrong. */
  async confirmTotp(code: string): Promise<readonly string[] | null> {
    if (!(await this.#isTotp(code))) return null
    const codes = Array.from({ length: RECOVERY_CODES }, () =>
      randomBytes(8)
        .toString('hex')
        .replace(/(.{4})(?=.)/g, '$1-'),
    )
    const isNew = this.#store.activateTotp(codes.map((text) => hash('sha256', plain(text))))
    return isNew ? codes : null
  }

  disableTotp(): void {
    this.#store.setTotp(null)
  }

  /** Written after the fact: a disk that is full must not make the answer say that nothing happened. */
  audit(entry: Omit<AuditEntry, 'at'>): void {
    unlessLocked(() => this.#store.addAudit({ ...entry, at: this.#now() }))
  }

  listAudit(before: number, limit: number): ReturnType<AdminStore['listAudit']> {
    return this.#store.listAudit(before, limit)
  }

  #open({ address, userAgent }: Caller): string {
    const id = randomBytes(32).toString('base64url')
    const now = this.#now()
    const about = { createdAt: now, seenAt: now, address, userAgent: userAgent.slice(0, 300) }
    this.#store.addSession(hash('sha256', id), about)
    return id
  }

  /** One step of clock error either way; each step counts once, also for calls at the same time. */
  async #isTotp(code: string): Promise<boolean> {
    const stored = this.#store.totp
    const secret = stored === null ? null : this.#vault().open(stored.secret, PURPOSE)
    if (secret === null) return false
    const timestamp = this.#now()
    const totp = await totpOf(secret)
    const delta = totp.validate({ token: code.trim(), window: 1, timestamp })
    if (delta === null) return false
    return this.#store.useTotpStep(totp.counter({ timestamp }) + delta)
  }
}

const FAILED = { actor: 'admin', action: 'sign_in_failed', target: '', detail: '' } as const

function refusedPassword(password: string): 'password_too_short' | 'password_too_common' | null {
  if (password.length < PASSWORD_CHARS_MIN || Buffer.byteLength(password) > PASSWORD_BYTES_MAX)
    return 'password_too_short'
  return isCommonPassword(password) ? 'password_too_common' : null
}

/** Loaded when it is needed: most gateways have no second factor. */
async function totpOf(secret: string): Promise<TOTP> {
  const { Secret, TOTP } = await import('otpauth')
  return new TOTP({ issuer: 'SmartRoute', label: 'admin', secret: Secret.fromBase32(secret) })
}

/** The disk may be full, or another process writes: what is lost then is less than the call. */
function unlessLocked(write: () => void): void {
  try {
    write()
  } catch {
    // Whoever is signed in must be able to look, and to make room.
  }
}

function plain(code: string): string {
  return code.toLowerCase().replace(/[^a-z0-9]/g, '')
}

function expiryOf({ createdAt, seenAt }: StoredSession): number {
  return Math.min(createdAt + LIFE_MS, seenAt + IDLE_MS)
}
