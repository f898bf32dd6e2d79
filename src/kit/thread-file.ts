/** A thread's entry beside its client: `.ts` when run from the sources, `.js` when built. */
export function threadFile(clientUrl: string, name: string): URL {
  const extension = clientUrl.endsWith('.ts') ? 'ts' : 'js'
  return new URL(`./${name}.${extension}`, clientUrl)
}
