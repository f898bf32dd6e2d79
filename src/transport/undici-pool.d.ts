/** The pool alone: undici's index also loads fetch, WebSocket and caches, some 8 MB of memory. */
declare module 'undici/lib/dispatcher/pool.js' {
  export { Pool as default } from 'undici'
}
