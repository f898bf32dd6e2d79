import { fileURLToPath } from 'node:url'
import tailwindcss from '@tailwindcss/vite'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

const at = (path: string): string => fileURLToPath(new URL(path, import.meta.url))

/** The panel. `npm run dev:panel` serves it with a gateway on its default port behind it. */
export default defineConfig({
  root: at('./web'),
  plugins: [react(), tailwindcss()],
  resolve: { alias: { '@contract': at('./src/contract'), '@': at('./web/src') } },
  build: {
    outDir: at('./dist/panel'),
    emptyOutDir: true,
    target: 'es2022',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
  },
  server: { proxy: { '/api': 'http://127.0.0.1:6688', '/v1': 'http://127.0.0.1:6688' } },
})
