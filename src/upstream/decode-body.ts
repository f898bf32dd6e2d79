import type { Transform } from 'node:stream'
import {
  createBrotliDecompress,
  createGunzip,
  createInflate,
  createZstdDecompress,
} from 'node:zlib'

/** What a compressed answer may grow to; a bomb ends here. */
const DECODED_BYTES_MAX = 64 * 1024 * 1024

export interface DecodedSink {
  onData(chunk: Buffer): void
  onEnd(): void
  onError(error: Error): void
}

export interface BodyDecoder {
  push(chunk: Buffer): void
  end(): void
  /** Nothing more is wanted. */
  stop(): void
}

const CODECS: Readonly<Record<string, () => Transform>> = {
  gzip: createGunzip,
  'x-gzip': createGunzip,
  deflate: createInflate,
  br: createBrotliDecompress,
  zstd: createZstdDecompress,
}

/**
 * The gateway asks for plain answers, but some servers compress all the same. Null where the
 * encoding is not one that can be read (a chain of them included).
 */
export function createDecoder(encoding: string, sink: DecodedSink): BodyDecoder | null {
  const create = CODECS[encoding.trim().toLowerCase()]
  if (create === undefined) return null
  const codec = create()
  let bytes = 0
  let over = false
  const fail = (error: Error): void => {
    if (over) return
    over = true
    codec.destroy()
    sink.onError(error)
  }
  codec.on('data', (chunk: Buffer) => {
    bytes += chunk.length
    if (bytes > DECODED_BYTES_MAX) fail(new Error('the decompressed answer is too large'))
    else if (!over) sink.onData(chunk)
  })
  codec.on('end', () => {
    if (over) return
    over = true
    sink.onEnd()
  })
  codec.on('error', fail)
  return {
    push: (chunk) => {
      if (!over) codec.write(chunk)
    },
    end: () => codec.end(),
    stop: () => {
      over = true
      codec.destroy()
    },
  }
}
