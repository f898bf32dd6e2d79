/** Name resolution, TLS and refused addresses concern every model of a provider. */
const PROVIDER_CODES =
  /^(?:ENOTFOUND|EAI_AGAIN|EAI_|ENODATA|EBLOCKED|ERR_TLS_|ERR_SSL_|CERT_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO_|ERR_OSSL|EPROTO)/

export function isProviderFault(error: Error): boolean {
  return PROVIDER_CODES.test(codeOf(error) ?? '')
}

/** A connection that ended before anything was answered on it. */
export function isReset(error: Error): boolean {
  const code = codeOf(error)
  return code === 'UND_ERR_SOCKET' || code === 'ECONNRESET' || code === 'EPIPE'
}

export function errorText(error: Error): string {
  const code = codeOf(error)
  const message = error.message === '' ? firstOf(error) : error.message
  return code === undefined ? message : `${code}: ${message}`
}

function codeOf(error: Error): string | undefined {
  const { code } = error as NodeJS.ErrnoException
  if (code !== undefined) return code
  return error instanceof AggregateError ? codeOf(error.errors[0] as Error) : undefined
}

/** All addresses of a name refused: Node reports an empty message with the causes inside. */
function firstOf(error: Error): string {
  return error instanceof AggregateError ? (error.errors[0] as Error).message : error.name
}
