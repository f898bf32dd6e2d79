import { appendFile, mkdir } from 'node:fs/promises'
import { dirname } from 'node:path'

/** Lessons that wait for the disk; more are lost, for requests do not wait. */
const WAITING_MAX = 1_000

interface Waiting {
  readonly line: string
  readonly settle: (isStored: boolean) => void
}

/** Appends lines to a file in their order, one write at a time, behind the back of requests. */
export class LessonQueue {
  readonly #path: string
  readonly #onWrite: (fault: string | null) => void
  #waiting: Waiting[] = []
  #writing: Promise<void> | null = null
  #isTorn = false

  /** `onWrite` hears of every write: what went wrong, or null. */
  constructor(path: string, onWrite: (fault: string | null) => void) {
    this.#path = path
    this.#onWrite = onWrite
  }

  /** Resolves to whether the line is in the file. Never rejects. */
  add(line: string): Promise<boolean> {
    if (this.#waiting.length >= WAITING_MAX) return Promise.resolve(false)
    return new Promise((settle) => {
      this.#waiting.push({ line, settle })
      this.#writing ??= this.#write()
    })
  }

  /** Everything added is written, or known not to be, when this resolves. */
  async flush(): Promise<void> {
    await this.#writing
  }

  async #write(): Promise<void> {
    for (;;) {
      const batch = this.#waiting
      this.#waiting = []
      const isStored = await this.#append(batch.map(({ line }) => `${line}\n`).join(''))
      for (const { settle } of batch) settle(isStored)
      if (this.#waiting.length > 0) continue
      this.#writing = null
      return
    }
  }

  async #append(text: string): Promise<boolean> {
    try {
      await mkdir(dirname(this.#path), { recursive: true })
      // A disk that filled up may have taken half a line: the next one must not be joined to it.
      await appendFile(this.#path, this.#isTorn ? `\n${text}` : text)
      this.#isTorn = false
      this.#onWrite(null)
      return true
    } catch (error) {
      this.#isTorn = true
      this.#onWrite((error as Error).message)
      return false
    }
  }
}
