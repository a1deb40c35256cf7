import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { brotliCompressSync, constants } from 'node:zlib';
import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin } from 'vite';

/** The hub that `npm run dev` talks to. */
const hub = process.env.ENTENTE_URL ?? 'http://127.0.0.1:4200';

/** Writes a brotli twin beside every text asset; the hub serves the twin to whoever accepts it. */
const precompress = (): Plugin => ({
  name: 'precompress',
  apply: 'build',
  writeBundle({ dir = 'dist' }) {
    for (const file of readdirSync(`${dir}/assets`)) {
      if (!/\.(js|css|svg|json)$/.test(file)) continue;
      const bytes = readFileSync(`${dir}/assets/${file}`);
      const params = {
        [constants.BROTLI_PARAM_QUALITY]: 11,
        [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length,
      };
      writeFileSync(`${dir}/assets/${file}.br`, brotliCompressSync(bytes, { params }));
    }
  },
});

export default defineConfig({
  base: '/',
  plugins: [react(), precompress()],
  build: {
    target: 'es2022',
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
    reportCompressedSize: false,
    chunkSizeWarningLimit: 900,
  },
  server: { port: 4300, proxy: { '/api': { target: hub, ws: true, changeOrigin: false } } },
  test: { environment: 'happy-dom', include: ['src/**/*.test.ts?(x)'] },
} as never);
